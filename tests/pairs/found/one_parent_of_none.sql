-- a back-fill of a table without rows looks nothing up
-- ends: proved
-- renames: yes
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."a""b" (
    id uuid NOT NULL,
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id)
);
CREATE TABLE public."straße" ();
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."a""b" (
    id uuid NOT NULL,
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id)
);
CREATE TABLE public."straße" (
    "a""b_id_ref" uuid NOT NULL
);
ALTER TABLE public."straße" ADD CONSTRAINT "straße_a""b_id_ref_fkey" FOREIGN KEY ("a""b_id_ref") REFERENCES "Odd Space"."a""b" (id) ON DELETE SET DEFAULT;
