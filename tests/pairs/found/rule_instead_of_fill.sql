-- a rule turned the back-fill's UPDATEs into something else, and it waited for locks that nobody held
-- ends: refused, with a reason
-- renames: no
CREATE TABLE public.orders (id bigint PRIMARY KEY, a bigint);
CREATE RULE r AS ON UPDATE TO public.orders WHERE (old.a = 1) DO INSTEAD NOTHING;
-- NEW
CREATE TABLE public.orders (id bigint PRIMARY KEY, a integer);
