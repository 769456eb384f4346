-- NOT NULL was dropped before the identity
-- ends: proved
-- renames: yes
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    orders_c_ref smallint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME "Odd Space".tttttttttttttttttttt_orders_c_ref_seq INCREMENT BY 1 MINVALUE 1 MAXVALUE 32767 START WITH 2 CACHE 2 NO CYCLE) NOT NULL
);
COMMENT ON TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt IS 'a comment';
-- NEW
CREATE SCHEMA IF NOT EXISTS "Odd Space";
CREATE TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    orders_c_ref smallint
);
COMMENT ON TABLE "Odd Space".ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt IS 'a comment';
