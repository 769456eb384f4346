-- the new version had no default before the old column was set aside
-- ends: proved
-- renames: yes
CREATE TABLE public.orders (id bigint PRIMARY KEY, c bigint NOT NULL);
-- NEW
CREATE TABLE public.orders (id bigint PRIMARY KEY, d bigint DEFAULT 5 NOT NULL);
