-- a key that goes with its table at contract, and comes under the same name at another one
-- ends: proved
-- renames: no
CREATE TABLE public.orders (id bigint PRIMARY KEY);
CREATE TABLE public.users (id bigint PRIMARY KEY);
ALTER TABLE public.users ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES public.orders (id) ON UPDATE RESTRICT ON DELETE CASCADE;
-- NEW
CREATE TABLE public.orders (id bigint PRIMARY KEY);
CREATE TABLE public.a (id bigint PRIMARY KEY);
ALTER TABLE public.a ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES public.orders (id) ON UPDATE RESTRICT ON DELETE CASCADE;
