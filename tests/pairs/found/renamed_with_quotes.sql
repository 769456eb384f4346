-- a foreign key did not follow a table that is renamed, where the name has a quote in it
-- ends: proved
-- renames: yes
CREATE TABLE public."a""b" (id bigint CONSTRAINT users_pkey PRIMARY KEY, name text, born date);
CREATE TABLE public.pets (owner bigint CONSTRAINT pets_owner_fkey REFERENCES public."a""b");
-- NEW
CREATE TABLE public.users (id bigint CONSTRAINT users_pkey PRIMARY KEY, name text, born date);
CREATE TABLE public.pets (owner bigint CONSTRAINT pets_owner_fkey REFERENCES public.users);
