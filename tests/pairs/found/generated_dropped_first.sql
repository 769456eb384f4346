-- a column was dropped before the generated one that is computed from it
-- ends: proved
-- renames: no
CREATE TABLE public.orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    "it's" bigint GENERATED ALWAYS AS ((id + 1)) STORED
);
-- NEW
CREATE TABLE public.orders ();
