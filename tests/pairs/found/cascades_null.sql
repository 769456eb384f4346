-- a foreign key that cascades passed a NULL on until contract, to a column that must not be
-- ends: proved
-- renames: no
CREATE TABLE public.parent (a numeric(10,2) DEFAULT 1.5 CHECK (a >= 0), b date DEFAULT CURRENT_DATE, CONSTRAINT parent_key UNIQUE NULLS NOT DISTINCT (a, b));
CREATE TABLE public.child (a numeric(10,2), b date NOT NULL, CONSTRAINT child_fkey FOREIGN KEY (a, b) REFERENCES public.parent (a, b) ON UPDATE CASCADE);
-- NEW
CREATE TABLE public.parent (b date DEFAULT CURRENT_DATE);
CREATE TABLE public.child (a numeric(10,2), b date NOT NULL);
