-- COMMENT ON CONSTRAINT takes no lock on the table
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".a (
    "Email" double precision NOT NULL
);
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".a (
    "Email" double precision NOT NULL,
    CONSTRAINT a_pkey1 PRIMARY KEY ("Email")
);
ALTER TABLE "Odd Space".a ADD CONSTRAINT "a_Email_fkey" FOREIGN KEY ("Email") REFERENCES "Odd Space".a ("Email") ON DELETE SET NULL DEFERRABLE NOT VALID;
COMMENT ON CONSTRAINT "a_Email_fkey" ON "Odd Space".a IS E'it''s
 back\\slashed';
