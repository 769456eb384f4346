-- the comment of an index that is replaced was lost
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".users (
    id bigint NOT NULL,
    "with space" bigint NOT NULL,
    "quo""te" timestamp without time zone,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE INDEX users_id_idx ON "Odd Space".users USING btree (id) WHERE ("with space" IS NOT NULL);
COMMENT ON TABLE "Odd Space".users IS 'a comment';
COMMENT ON INDEX "Odd Space".users_id_idx IS 'a comment';
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".users (
    id bigint NOT NULL,
    "with space" bigint NOT NULL,
    "quo""te" timestamp without time zone,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX users_id_idx ON "Odd Space".users USING btree ("quo""te") WHERE ("with space" IS NOT NULL);
COMMENT ON TABLE "Odd Space".users IS 'a comment';
COMMENT ON INDEX "Odd Space".users_id_idx IS 'a comment';
