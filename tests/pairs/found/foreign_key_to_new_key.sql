-- a foreign key hung on the index of a key that was to be taken back
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    users_id_ref text
);
CREATE TABLE public.users (
    id text NOT NULL,
    b_c uuid,
    "with space" numeric(10,2) DEFAULT 1.5,
    tttttttttttttttttttt_id_ref bigint NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
ALTER TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt ADD CONSTRAINT tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt6 FOREIGN KEY (users_id_ref) REFERENCES public.users (id) ON DELETE CASCADE;
COMMENT ON CONSTRAINT tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt6 ON "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt IS 'a comment';
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    users_id_ref text
);
CREATE TABLE public.users (
    c text NOT NULL,
    b_c uuid,
    "with space" numeric(10,2) DEFAULT 1.5,
    tttttttttttttttttttt_id_ref bigint NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (c)
);
ALTER TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt ADD CONSTRAINT tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt6 FOREIGN KEY (users_id_ref) REFERENCES public.users (c) ON DELETE CASCADE;
COMMENT ON CONSTRAINT tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt6 ON "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt IS 'a comment';
