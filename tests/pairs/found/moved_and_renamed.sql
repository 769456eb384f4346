-- a table that is moved and renamed was locked by a name it has for a moment
-- ends: proved
-- renames: yes
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.tttttttttttttttttttt_id_seq INCREMENT BY 2 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 2 CACHE 1 NO CYCLE) NOT NULL,
    kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk text,
    "quo""te" point NOT NULL,
    "Größe" text,
    tttttttttttttttttttt_id_ref bigint,
    CONSTRAINT tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt1 PRIMARY KEY (id)
);
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".a_b (
    id bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "Odd Space".tttttttttttttttttttt_id_seq INCREMENT BY 2 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 2 CACHE 1 NO CYCLE) NOT NULL,
    kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk text,
    "quo""te" point NOT NULL,
    "Größe" text DEFAULT E'back\\slash',
    tttttttttttttttttttt_id_ref bigint,
    CONSTRAINT tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt1 PRIMARY KEY (id)
);
