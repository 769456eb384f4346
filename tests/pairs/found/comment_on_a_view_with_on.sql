-- a name with " on " in it was cut there, so that the comment came before the view
-- ends: proved
-- renames: no
CREATE TABLE public.t (
    a bigint NOT NULL
);
-- NEW
CREATE TABLE public.t (
    a bigint NOT NULL
);
CREATE VIEW public."A view on view below" AS SELECT a FROM public.t;
CREATE VIEW public."A view on view" AS SELECT a FROM public."A view on view below";
COMMENT ON VIEW public."A view on view below" IS 'it''s below';
