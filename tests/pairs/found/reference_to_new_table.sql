-- rows that are there cannot refer to a table that is new
-- ends: proved
-- renames: no
CREATE TABLE public.t (
    id integer PRIMARY KEY,
    a uuid,
    b uuid
);
CREATE TABLE public.u (
    id integer PRIMARY KEY,
    a uuid NOT NULL
);
-- NEW
CREATE TABLE public.orders (
    id uuid PRIMARY KEY
);
CREATE TABLE public.t (
    id integer PRIMARY KEY,
    a uuid CONSTRAINT t_a_fkey REFERENCES public.orders ON DELETE SET NULL,
    b uuid
);
CREATE TABLE public.u (
    id integer PRIMARY KEY,
    a uuid NOT NULL CONSTRAINT u_a_fkey REFERENCES public.orders
);
