-- a foreign key acts until contract, and sets a column to NULL that must not be
-- ends: proved
-- renames: no
CREATE TABLE public.parent (id bigint PRIMARY KEY, name text);
CREATE TABLE public.child (id bigint PRIMARY KEY, parent_id bigint NOT NULL REFERENCES public.parent ON UPDATE SET NULL ON DELETE SET NULL);
-- NEW
CREATE TABLE public.parent (id bigint PRIMARY KEY, name text);
CREATE TABLE public.child (id bigint PRIMARY KEY, parent_id bigint NOT NULL);
