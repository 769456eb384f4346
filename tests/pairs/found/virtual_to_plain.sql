-- a virtual column became a plain one without its values
-- ends: refused, with a reason
-- renames: no
CREATE TABLE public.orders (id bigint PRIMARY KEY, a bigint GENERATED ALWAYS AS (id + 1) VIRTUAL);
-- NEW
CREATE TABLE public.orders (id bigint PRIMARY KEY, a bigint);
