-- a new default refers to a row that is not there, so the old version could not leave the column out any more
-- ends: proved
-- renames: no
CREATE TABLE public.a (id numeric PRIMARY KEY);
CREATE TABLE public.b (a_id numeric CONSTRAINT b_a_id_fkey REFERENCES public.a ON DELETE SET NULL);
-- NEW
CREATE TABLE public.a (id numeric PRIMARY KEY);
CREATE TABLE public.b (a_id numeric DEFAULT 0 CONSTRAINT b_a_id_fkey REFERENCES public.a ON DELETE SET NULL);
