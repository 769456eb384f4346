-- the expression of a virtual column cannot be set on a table with a check
-- ends: refused, with a reason
-- renames: no
CREATE TABLE public.orders (
    id bigint NOT NULL,
    b_c bigint GENERATED ALWAYS AS ((id + 1)) VIRTUAL,
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_b_c_check CHECK ((b_c IN (1, 2, 3)))
);
COMMENT ON CONSTRAINT orders_b_c_check ON public.orders IS E'it''s
 back\\slashed';
-- NEW
CREATE TABLE public.orders (
    a bigint NOT NULL,
    b_c bigint GENERATED ALWAYS AS ((a + 1)) VIRTUAL,
    CONSTRAINT orders_pkey PRIMARY KEY (a),
    CONSTRAINT orders_b_c_check CHECK ((b_c IN (1, 2, 3)))
);
COMMENT ON CONSTRAINT orders_b_c_check ON public.orders IS E'it''s
 back\\slashed';
