-- a column of the primary key was made optional before the key was gone
-- ends: proved
-- renames: yes
CREATE TABLE public."user" (
    id bigint NOT NULL,
    CONSTRAINT user_pkey PRIMARY KEY (id)
);
-- NEW
CREATE TABLE public."user" (
    user_id_ref bigint
);
