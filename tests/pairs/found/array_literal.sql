-- a bare string was assigned to an array as text
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TYPE public.mood AS ENUM ('sad', 'it''s', 'ok');
CREATE TABLE "Odd Space"."Odd Table" (
    a boolean
);
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TYPE public.mood AS ENUM ('sad', 'it''s', 'ok');
CREATE TABLE "Odd Space"."Odd Table" (
    a boolean,
    "it's" public.mood[] NOT NULL
);
