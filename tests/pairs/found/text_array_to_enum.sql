-- rows were made that no cast to the enum takes
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TYPE public.mood AS ENUM ('sad', 'it''s', 'ok');
CREATE TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    a text[]
);
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TYPE public.mood AS ENUM ('sad', 'it''s', 'ok');
CREATE TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    a public.mood[]
);
