-- what an old rule or trigger does to the new version's statements until contract is no fault of the migration
-- ends: proved
-- renames: no
CREATE TABLE public.orders (id bigint PRIMARY KEY, a integer);
CREATE RULE r AS ON UPDATE TO public.orders WHERE false DO ALSO NOTHING;
CREATE TABLE public.users (id bigint PRIMARY KEY, a integer GENERATED ALWAYS AS (1) STORED);
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER t BEFORE INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION public.f();
-- NEW
CREATE TABLE public.orders (id bigint PRIMARY KEY, a integer CHECK (a > -10));
CREATE TABLE public.users (id bigint PRIMARY KEY, a integer);
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
