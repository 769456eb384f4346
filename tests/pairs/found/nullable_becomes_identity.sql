-- identity was added before NOT NULL, and read the table unsaid
-- ends: proved
-- renames: no
CREATE TABLE public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    tttttttttttttttttttt_id_ref bigint
);
-- NEW
CREATE TABLE public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (
    tttttttttttttttttttt_id_ref bigint GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME public.tttttttttttttttttttt_tttttttttttttttttttt_seq INCREMENT BY 2 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 2 CACHE 2 NO CYCLE) NOT NULL
);
