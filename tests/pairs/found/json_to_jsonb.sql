-- values of a type without equality were compared
-- ends: proved
-- renames: no
CREATE TABLE public.a (id bigint PRIMARY KEY, b json, c point);
-- NEW
CREATE TABLE public.a (id bigint PRIMARY KEY, b jsonb, c text);
