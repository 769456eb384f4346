-- a primary key that is deferrable was to be there beside the one that replaces it
-- ends: proved
-- renames: yes
CREATE TABLE public."a""b" (
    id uuid NOT NULL,
    CONSTRAINT "a""b_pkey1" PRIMARY KEY (id) DEFERRABLE
);
-- NEW
CREATE TABLE public."a""b" (
    id uuid NOT NULL,
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id)
);
