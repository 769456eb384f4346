-- a default stays until contract, and a new foreign key does not take what it gives
-- ends: proved
-- renames: no
CREATE TABLE public.a (user_id bigint DEFAULT 1);
-- NEW
CREATE TABLE public.users (id bigint PRIMARY KEY);
CREATE TABLE public.a (user_id bigint);
ALTER TABLE public.a ADD CONSTRAINT a_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users (id) NOT VALID;
