-- a unique index that includes a column was not seen to make another one unique
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TYPE "Odd Space"."Odd Enum" AS ENUM ('x', 'it''s');
CREATE TABLE public.users (
    id bigint NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE SEQUENCE public.drawn START 1000;
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TYPE "Odd Space"."Odd Enum" AS ENUM ('x', 'it''s');
CREATE TABLE public.users (
    id bigint NOT NULL,
    b integer NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_b_idx ON public.users USING btree (b) INCLUDE (id);
CREATE SEQUENCE public.drawn START 1000;
