-- nobody can update a published table without a replica identity, the back-fill neither
-- ends: refused, with a reason
-- renames: no
CREATE TABLE public.orders (id bigint, a integer);
CREATE PUBLICATION p FOR TABLE public.orders;
-- NEW
CREATE TABLE public.orders (id bigint, a integer, b bigint NOT NULL);
CREATE PUBLICATION p FOR TABLE public.orders;
