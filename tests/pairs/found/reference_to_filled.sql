-- rows were made that refer to a column whose values only the back-fill knows
-- ends: proved
-- renames: no
CREATE TABLE public.users (kind smallint NOT NULL, account_id bigint);
CREATE TABLE public.accounts (id bigint PRIMARY KEY);
-- NEW
CREATE TABLE public.users (kind smallint NOT NULL, account_id bigint);
CREATE TABLE public.accounts (id bigint PRIMARY KEY, kind smallint NOT NULL, CONSTRAINT accounts_kind_id_key UNIQUE (kind, id));
ALTER TABLE public.users ADD CONSTRAINT users_account_fkey FOREIGN KEY (kind, account_id) REFERENCES public.accounts (kind, id);
