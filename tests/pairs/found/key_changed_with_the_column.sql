-- the row that an attempt had changed was looked for by the key that it had before
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."straße" (
    id bigint NOT NULL,
    c text NOT NULL,
    CONSTRAINT "straße_pkey" PRIMARY KEY (id),
    CONSTRAINT "straße_c_id_key" UNIQUE (c, id)
);
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."straße" (
    id bigint NOT NULL,
    c int4range NOT NULL,
    CONSTRAINT "straße_pkey" PRIMARY KEY (id),
    CONSTRAINT "straße_c_id_key" UNIQUE (c, id)
);
ALTER TABLE "Odd Space"."straße" ADD CONSTRAINT "straße_c_id_fkey" FOREIGN KEY (c, id) REFERENCES "Odd Space"."straße" (c, id) NOT VALID;
