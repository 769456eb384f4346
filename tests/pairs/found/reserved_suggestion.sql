-- a suggestion named a reserved word without quotes
-- ends: proved
-- renames: no
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."Odd Table" (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "Odd Space"."Odd Table_id_seq" INCREMENT BY 3 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 2 CACHE 1 NO CYCLE) NOT NULL,
    c text[],
    kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk bigint GENERATED ALWAYS AS ((id * 2)) VIRTUAL,
    a bigint GENERATED ALWAYS AS (COALESCE(id, 0)) STORED,
    "select" bigint GENERATED ALWAYS AS (COALESCE(id, 0)) STORED,
    CONSTRAINT "Odd Table_pkey" PRIMARY KEY (id),
    CONSTRAINT "Odd Table_c_key" UNIQUE (c) INCLUDE (a),
    CONSTRAINT "Odd Table_id_c_key" UNIQUE (id, c),
    CONSTRAINT "Odd Table_id_excl" EXCLUDE USING btree (id WITH =)
);
CREATE INDEX "Odd Table_id_idx" ON "Odd Space"."Odd Table" USING hash (id);
COMMENT ON COLUMN "Odd Space"."Odd Table".c IS 'a comment';
CREATE TABLE public.a (
    id text NOT NULL,
    c character varying(20) NOT NULL,
    kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk bigint DEFAULT 0,
    a integer DEFAULT '-1'::integer NOT NULL,
    "Email" bigint,
    CONSTRAINT a_pkey PRIMARY KEY (id),
    CONSTRAINT a_c_key UNIQUE (c)
);
ALTER TABLE public.a ADD CONSTRAINT a_c_key1 UNIQUE (c);
COMMENT ON COLUMN public.a.kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk IS 'a comment';
CREATE TABLE public."a""b" (
    id bigint NOT NULL,
    a character varying(20) NOT NULL,
    "Email" date,
    "select" integer NOT NULL,
    b integer NOT NULL,
    "Odd Table_id_ref" bigint,
    "Odd Table_c_ref" text[],
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id)
);
COMMENT ON COLUMN public."a""b"."select" IS 'a comment';
ALTER TABLE public."a""b" ADD CONSTRAINT "a""b_Odd Table_id_ref_Odd Table_c_ref_fkey" FOREIGN KEY ("Odd Table_id_ref", "Odd Table_c_ref") REFERENCES "Odd Space"."Odd Table" (id, c) ON UPDATE SET NULL ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED;
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space"."Odd Table" (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "Odd Space"."Odd Table_id_seq" INCREMENT BY 3 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 2 CACHE 1 NO CYCLE) NOT NULL,
    c text[],
    kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk bigint GENERATED ALWAYS AS ((id * 2)) VIRTUAL,
    "select" bigint GENERATED ALWAYS AS (COALESCE(id, 0)) STORED,
    CONSTRAINT "Odd Table_pkey" PRIMARY KEY (id),
    CONSTRAINT "Odd Table_id_c_key" UNIQUE (id, c),
    CONSTRAINT "Odd Table_id_excl" EXCLUDE USING btree (id WITH =)
);
CREATE INDEX "Odd Table_id_idx" ON "Odd Space"."Odd Table" USING hash (id);
COMMENT ON COLUMN "Odd Space"."Odd Table".c IS 'a comment';
CREATE TABLE public.a (
    c character varying(20) NOT NULL,
    kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk bigint DEFAULT 0,
    a integer DEFAULT '-1'::integer NOT NULL,
    "Email" bigint,
    "select" numeric(10,2) NOT NULL,
    CONSTRAINT a_c_key UNIQUE (c)
);
ALTER TABLE public.a ADD CONSTRAINT a_c_key1 UNIQUE (c);
COMMENT ON COLUMN public.a.kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk IS 'a comment';
COMMENT ON COLUMN public.a."select" IS E'it''s
 back\\slashed';
CREATE TABLE public."a""b" (
    id bigint NOT NULL,
    a character varying(20) NOT NULL,
    "Email" date,
    "select" integer NOT NULL,
    b integer NOT NULL,
    "Odd Table_id_ref" bigint,
    "Odd Table_c_ref" text[],
    "quo""te" integer NOT NULL,
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id)
);
COMMENT ON COLUMN public."a""b"."select" IS 'a comment';
ALTER TABLE public."a""b" ADD CONSTRAINT "a""b_Odd Table_id_ref_Odd Table_c_ref_fkey" FOREIGN KEY ("Odd Table_id_ref", "Odd Table_c_ref") REFERENCES "Odd Space"."Odd Table" (id, c) ON UPDATE SET NULL ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED;
