-- rows were made that refer to a column that is new
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."user" (
    b date DEFAULT CURRENT_DATE
);
CREATE TABLE public.users (
    user_a_ref numeric(10,2),
    user_b_ref date
);
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."user" (
    b date DEFAULT CURRENT_DATE,
    a numeric(10,2) DEFAULT 1.5,
    CONSTRAINT user_a_b_key UNIQUE NULLS NOT DISTINCT (a, b)
);
CREATE TABLE public.users (
    user_a_ref numeric(10,2),
    user_b_ref date
);
ALTER TABLE public.users ADD CONSTRAINT users_user_a_ref_user_b_ref_fkey FOREIGN KEY (user_a_ref, user_b_ref) REFERENCES "Odd Space"."user" (a, b) ON UPDATE CASCADE;
