-- a foreign key that comes with the new type of its column was not known by the name that it has meanwhile
-- ends: proved
-- renames: no
CREATE TABLE public.parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text);
CREATE TABLE public.child (parent_id integer DEFAULT 42);
-- NEW
CREATE TABLE public.parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
CREATE TABLE public.child (parent_id bigint CONSTRAINT child_parent_fkey REFERENCES public.parent);
