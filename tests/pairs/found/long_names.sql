-- a NOT NULL constraint kept the name of a helper
-- ends: proved
-- renames: yes
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt ();
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    c uuid NOT NULL
);
