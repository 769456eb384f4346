-- a default kept the rows of the old version from being filled, and was the same in each of them
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".users (
    "it's" text NOT NULL,
    "users_it's_ref" text NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY ("it's")
);
ALTER TABLE "Odd Space".users ADD CONSTRAINT "users_users_it's_ref_fkey" FOREIGN KEY ("users_it's_ref") REFERENCES "Odd Space".users ("it's") ON DELETE CASCADE;
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".users (
    b_c text COLLATE "C" DEFAULT '' NOT NULL,
    "users_it's_ref" text NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (b_c)
);
COMMENT ON COLUMN "Odd Space".users.b_c IS 'a comment';
ALTER TABLE "Odd Space".users ADD CONSTRAINT "users_users_it's_ref_fkey" FOREIGN KEY ("users_it's_ref") REFERENCES "Odd Space".users (b_c) ON DELETE CASCADE;
