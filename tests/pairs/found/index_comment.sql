-- the comment of a replaced index came not back
-- ends: proved
-- renames: yes
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."user" (
    a bigint
);
CREATE INDEX user_a_idx ON "Odd Space"."user" USING btree (a DESC NULLS LAST);
COMMENT ON INDEX "Odd Space".user_a_idx IS 'a comment';
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."user" (
    a bigint
);
CREATE INDEX user_a_idx ON "Odd Space"."user" USING btree (a DESC NULLS LAST) WITH (fillfactor='70');
