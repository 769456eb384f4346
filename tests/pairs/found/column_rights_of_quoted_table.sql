-- a column that is made anew lost the rights on it where its table has a quoted name
-- ends: proved
-- renames: yes
CREATE SCHEMA "Odd Space";
CREATE TABLE "Odd Space"."Odd Table" (id bigint PRIMARY KEY, "A b" integer, "C d" text, e integer);
GRANT UPDATE ("A b"), SELECT ("C d"), INSERT (e) ON "Odd Space"."Odd Table" TO PUBLIC;
ALTER TABLE "Odd Space"."Odd Table" ALTER COLUMN "A b" SET STATISTICS 50;
ALTER TABLE "Odd Space"."Odd Table" ALTER COLUMN "C d" SET (n_distinct = 5);
GRANT DELETE ON "Odd Space"."Odd Table" TO PUBLIC;
-- NEW
CREATE SCHEMA "Odd Space";
CREATE TABLE "Odd Space"."Odd Table" (id bigint PRIMARY KEY, "A b" text, "F g" text, e bigint);
GRANT UPDATE ("A b"), SELECT ("F g"), INSERT (e) ON "Odd Space"."Odd Table" TO PUBLIC;
ALTER TABLE "Odd Space"."Odd Table" ALTER COLUMN "A b" SET STATISTICS 50;
ALTER TABLE "Odd Space"."Odd Table" ALTER COLUMN "F g" SET (n_distinct = 5);
GRANT TRUNCATE ON "Odd Space"."Odd Table" TO PUBLIC;
