CREATE TABLE members (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    full_name text NOT NULL CHECK (full_name <> ''),
    joined_on date NOT NULL DEFAULT CURRENT_DATE
);

CREATE INDEX members_full_name_idx ON members (lower(full_name));
