-- a new column that is NULL in every row was to be unique, and NULL no different from NULL
-- ends: proved
-- renames: no
CREATE TABLE public."a""b" ();
CREATE SEQUENCE public.drawn START 1000;
-- NEW
CREATE TABLE public."a""b" (
    "Email" real,
    CONSTRAINT "a""b_c_key" UNIQUE NULLS NOT DISTINCT ("Email")
);
CREATE SEQUENCE public.drawn START 1000;
