-- the comment of a dropped unique constraint came not back
-- ends: proved
-- renames: yes
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."a""b" (
    id bigint NOT NULL,
    b uuid NOT NULL,
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id),
    CONSTRAINT "renamed a""b_b_id_key" UNIQUE (b, id)
);
COMMENT ON CONSTRAINT "renamed a""b_b_id_key" ON "Odd Space"."a""b" IS E'it''s
 back\\slashed';
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."a""b" (
    id bigint NOT NULL,
    b uuid NOT NULL,
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id)
);
