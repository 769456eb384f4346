-- a unique constraint was lost with a column that it includes
-- ends: proved
-- renames: no
CREATE TYPE public.mood AS ENUM ('sad', 'it''s', 'ok');
CREATE TABLE public.a (
    id bigint NOT NULL,
    "quo""te" public.mood[] NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id)
);
ALTER TABLE public.a ADD CONSTRAINT a_id_key UNIQUE (id) INCLUDE ("quo""te") DEFERRABLE INITIALLY DEFERRED;
-- NEW
CREATE TYPE public.mood AS ENUM ('sad', 'it''s', 'ok');
CREATE TABLE public.a (
    id bigint NOT NULL,
    "quo""te" text[] NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id)
);
ALTER TABLE public.a ADD CONSTRAINT a_id_key UNIQUE (id) INCLUDE ("quo""te") DEFERRABLE INITIALLY DEFERRED;
