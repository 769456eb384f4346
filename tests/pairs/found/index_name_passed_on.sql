-- two indexes had the same name at once
-- ends: refused, with a reason
-- renames: no
CREATE TABLE public."straße" (
    id bigint NOT NULL,
    "Odd Table_a_ref" jsonb,
    CONSTRAINT "straße_pkey" PRIMARY KEY (id)
);
-- NEW
CREATE TABLE public."user" (
    id bigint NOT NULL,
    CONSTRAINT "straße_pkey" PRIMARY KEY (id)
);
