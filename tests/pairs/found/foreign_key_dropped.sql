-- a foreign key goes at contract, which the proof called a fault
-- ends: proved
-- renames: yes
CREATE TABLE public."Odd Table" (
    "a""b_id_ref" bigint NOT NULL
);
COMMENT ON TABLE public."Odd Table" IS 'changed';
CREATE TABLE public."a""b" (
    id bigint NOT NULL,
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id)
);
COMMENT ON TABLE public."a""b" IS 'a comment';
ALTER TABLE public."Odd Table" ADD CONSTRAINT "Odd Table_a""b_id_ref_fkey" FOREIGN KEY ("a""b_id_ref") REFERENCES public."a""b" (id) ON DELETE RESTRICT DEFERRABLE;
-- NEW
CREATE TABLE public."Odd Table" (
    "a""b_id_ref" bigint NOT NULL
);
COMMENT ON TABLE public."Odd Table" IS 'a comment';
CREATE TABLE public."a""b" (
    id bigint NOT NULL,
    CONSTRAINT "a""b_pkey" PRIMARY KEY (id)
);
COMMENT ON TABLE public."a""b" IS 'a comment';
