-- foreign keys of a generated column that gets another expression were not known to be read again
-- ends: proved
-- renames: yes
CREATE TABLE public.orders (
    price bigint PRIMARY KEY,
    total bigint GENERATED ALWAYS AS ((price * 2)) STORED UNIQUE
);
CREATE TABLE public.lines (
    id bigint PRIMARY KEY,
    total bigint REFERENCES public.orders (total)
);
-- NEW
CREATE TABLE public.orders (
    full_price bigint PRIMARY KEY,
    total bigint GENERATED ALWAYS AS ((full_price * 2)) STORED UNIQUE
);
CREATE TABLE public.lines (
    id bigint PRIMARY KEY,
    total bigint REFERENCES public.orders (total)
);
