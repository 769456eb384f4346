-- what is called in an array was not seen: the default was taken for one that is the same in all rows
-- ends: proved
-- renames: no
CREATE TABLE public.orders (
    id bigint PRIMARY KEY
);
-- NEW
CREATE TABLE public.orders (
    id bigint PRIMARY KEY,
    n double precision[] DEFAULT ARRAY[random()] NOT NULL
);
