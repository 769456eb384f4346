-- what an object is called was cut off at 63 bytes where others in sight have names only
-- ends: proved
-- renames: no
CREATE TABLE public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (id bigint PRIMARY KEY);
CREATE TABLE public.tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt2 (id bigint PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt;
GRANT SELECT ON public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt TO PUBLIC;
-- NEW
CREATE TABLE public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt (id bigint PRIMARY KEY);
CREATE TABLE public.tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt2 (id bigint PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE public.tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt2;
CREATE PUBLICATION q FOR TABLE public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt;
GRANT SELECT, INSERT ON public.ttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt TO PUBLIC;
