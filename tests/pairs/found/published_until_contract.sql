-- a publication lets no row be updated that has no replica identity: it comes and goes at contract, helpers included
-- ends: proved
-- renames: no
CREATE TABLE public.orders (id bigint NOT NULL, a integer);
CREATE TABLE public.users (id bigint PRIMARY KEY, a integer, g bigint GENERATED ALWAYS AS (a) VIRTUAL);
CREATE TABLE public.loose (id bigint NOT NULL);
CREATE TABLE public.quiet (id bigint PRIMARY KEY);
ALTER TABLE public.quiet REPLICA IDENTITY NOTHING;
CREATE PUBLICATION everything FOR ALL TABLES WITH (publish = 'insert');
CREATE PUBLICATION of_loose FOR TABLE public.loose;
-- NEW
CREATE TABLE public.orders (id bigint PRIMARY KEY, a integer);
CREATE TABLE public.users (id bigint PRIMARY KEY, a integer, b bigint NOT NULL, g bigint GENERATED ALWAYS AS (a + 1) VIRTUAL);
CREATE TABLE public.loose (id bigint PRIMARY KEY);
CREATE TABLE public.quiet (id bigint PRIMARY KEY);
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION of_users FOR TABLE public.users;
