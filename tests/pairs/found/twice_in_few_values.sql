-- the new version was to write what a unique key of few values refuses in any case
-- ends: proved
-- renames: yes
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TYPE public.mood AS ENUM ('sad', 'it''s', 'ok');
CREATE TYPE "Odd Space"."Odd Enum" AS ENUM ('x', 'it''s');
CREATE TABLE public."user" (
    "Größe" uuid NOT NULL,
    "select" public.mood[],
    user_select_ref public.mood[],
    CONSTRAINT user_pkey PRIMARY KEY ("Größe"),
    CONSTRAINT user_select_key UNIQUE ("select")
);
ALTER TABLE public."user" ADD CONSTRAINT user_user_select_ref_fkey FOREIGN KEY (user_select_ref) REFERENCES public."user" ("select") ON DELETE SET DEFAULT;
COMMENT ON CONSTRAINT user_user_select_ref_fkey ON public."user" IS E'it''s
 back\\slashed';
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TYPE public.mood AS ENUM ('sad', 'it''s', 'ok');
CREATE TYPE "Odd Space"."Odd Enum" AS ENUM ('x', 'it''s');
CREATE TABLE public."user" (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    "select" public.mood[],
    user_select_ref public.mood[],
    CONSTRAINT user_pkey PRIMARY KEY (id),
    CONSTRAINT user_select_key UNIQUE ("select")
);
ALTER TABLE public."user" ADD CONSTRAINT user_user_select_ref_fkey FOREIGN KEY (user_select_ref) REFERENCES public."user" ("select") ON DELETE SET DEFAULT;
COMMENT ON CONSTRAINT user_user_select_ref_fkey ON public."user" IS E'it''s
 back\\slashed';
