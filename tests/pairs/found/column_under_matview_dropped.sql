-- a view was dropped only in cleanup, when its column had to be set aside at contract
-- ends: proved
-- renames: no
CREATE TABLE public.t (c integer, d integer);
CREATE FUNCTION public.f(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE VIEW public.v AS SELECT c, public.f(c) AS e FROM public.t;
CREATE MATERIALIZED VIEW public.m AS SELECT c::text AS c, e FROM public.v WHERE true;
CREATE INDEX i ON public.m (c);
CREATE VIEW public.w AS SELECT c FROM public.m;
-- NEW
CREATE TABLE public.t (d integer);
