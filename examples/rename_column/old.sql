CREATE TABLE members (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    fullname text NOT NULL CHECK (fullname <> ''),
    joined_on date NOT NULL DEFAULT CURRENT_DATE
);

CREATE INDEX members_fullname_idx ON members (lower(fullname));
