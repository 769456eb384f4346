-- a constant was suggested for a key
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".users (
    id text NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".users (
    b_c text NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (b_c)
);
