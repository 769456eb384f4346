-- a key moved to a column that gets another type, and was not there for the new version
-- ends: refused, with a reason
-- renames: yes
CREATE TABLE public.users (
    id text NOT NULL,
    a bigint NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id)
);
COMMENT ON TABLE public.users IS E'it''s
 back\\slashed';
-- NEW
CREATE TABLE public.users (
    a character varying(50) NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (a)
);
COMMENT ON TABLE public.users IS E'it''s
 back\\slashed';
