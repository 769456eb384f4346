-- a column that becomes a generated one is dropped and added, and a view hangs on it
-- ends: refused, with a reason
-- renames: no
CREATE TABLE public.users (id bigint PRIMARY KEY, a integer, g bigint);
CREATE VIEW public.v AS SELECT g FROM public.users;
-- NEW
CREATE TABLE public.users (id bigint PRIMARY KEY, a integer, g bigint GENERATED ALWAYS AS (a + 1) STORED);
CREATE VIEW public.v AS SELECT g FROM public.users;
