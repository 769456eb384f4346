-- a publication of all tables has those that the back-fill makes for itself as well
-- ends: proved
-- renames: no
CREATE TABLE public.users (id bigint PRIMARY KEY, a integer);
CREATE PUBLICATION everything FOR ALL TABLES;
-- NEW
CREATE TABLE public.users (id bigint PRIMARY KEY, a bigint, b bigint NOT NULL);
CREATE PUBLICATION everything FOR ALL TABLES;
