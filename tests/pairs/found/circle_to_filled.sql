-- rows that refer to a column which is filled could not be taken away
-- ends: proved
-- renames: no
CREATE TABLE public.a (id bigint PRIMARY KEY, b_id bigint NOT NULL);
CREATE TABLE public.b (a_id bigint NOT NULL CONSTRAINT b_a_fkey REFERENCES public.a ON DELETE RESTRICT);
-- NEW
CREATE TABLE public.a (id bigint PRIMARY KEY, b_id bigint NOT NULL);
CREATE TABLE public.b (id uuid CONSTRAINT b_pkey PRIMARY KEY, a_id bigint NOT NULL CONSTRAINT b_a_fkey REFERENCES public.a ON DELETE RESTRICT);
