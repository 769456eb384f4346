-- a foreign key that comes with the new type of its column was to be there before the key that it refers to
-- ends: proved
-- renames: no
CREATE TABLE public.a (id bigint NOT NULL);
CREATE TABLE public.b (a_id text DEFAULT '' NOT NULL);
-- NEW
CREATE TABLE public.a (id bigint CONSTRAINT a_pkey PRIMARY KEY);
CREATE TABLE public.b (a_id bigint NOT NULL CONSTRAINT b_a_fkey REFERENCES public.a ON DELETE CASCADE DEFERRABLE);
