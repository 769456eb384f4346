-- an exclusion constraint with = was not seen to want another value in each row
-- ends: proved
-- renames: no
CREATE TABLE public.t (
    id integer PRIMARY KEY
);
-- NEW
CREATE TABLE public.t (
    id integer PRIMARY KEY,
    b bigint NOT NULL,
    CONSTRAINT x EXCLUDE USING btree (b WITH =)
);
