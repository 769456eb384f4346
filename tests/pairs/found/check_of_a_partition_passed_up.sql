-- what a partition had of its own went on the way back with what the table above had got, or lost
-- ends: refused, with a reason
-- renames: no
CREATE TABLE public.orders (id bigint NOT NULL, price integer) PARTITION BY RANGE (id);
CREATE TABLE public.recent PARTITION OF public.orders FOR VALUES FROM (0) TO (1000);
ALTER TABLE public.recent ADD CONSTRAINT price_known CHECK (price > 0);
-- NEW
CREATE TABLE public.orders (id bigint NOT NULL, price integer, CONSTRAINT price_known CHECK (price > 0)) PARTITION BY RANGE (id);
CREATE TABLE public.recent PARTITION OF public.orders FOR VALUES FROM (0) TO (1000);
