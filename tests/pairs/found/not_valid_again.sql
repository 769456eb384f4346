-- the comment of a check that is NOT VALID again was lost
-- ends: proved
-- renames: no
CREATE TABLE public.a (
    id bigint NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id),
    CONSTRAINT a_id_check CHECK ((id > 0))
);
COMMENT ON TABLE public.a IS 'a comment';
COMMENT ON CONSTRAINT a_id_check ON public.a IS E'it''s
 back\\slashed';
-- NEW
CREATE TABLE public.a (
    id bigint NOT NULL,
    CONSTRAINT a_pkey PRIMARY KEY (id)
);
ALTER TABLE public.a ADD CONSTRAINT a_id_check CHECK ((id > 0)) NOT VALID;
COMMENT ON TABLE public.a IS 'a comment';
COMMENT ON CONSTRAINT a_id_check ON public.a IS E'it''s
 back\\slashed';
