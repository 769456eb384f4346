-- NOT NULL of a key goes at contract, which the proof called a fault
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".users (
    id uuid NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".users ();
