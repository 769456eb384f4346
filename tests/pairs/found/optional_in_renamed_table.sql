-- the way back of a column that became optional asked a second time for a table that had its old name by then
-- ends: proved
-- renames: yes
CREATE TABLE public.a (id bigint NOT NULL, b_c character varying(20) NOT NULL, a_id_ref bigint, CONSTRAINT a_pkey PRIMARY KEY (id));
-- NEW
CREATE TABLE public.users (id bigint NOT NULL, b_c character varying(20), a_id_ref bigint, CONSTRAINT a_pkey PRIMARY KEY (id));
