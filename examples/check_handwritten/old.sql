-- A shop before the change: customers sign up apart from users, and the two are told to be one by their e-mail.
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL UNIQUE,
    full_name text,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE customers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text NOT NULL,
    name text,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX customers_email_idx ON customers (email);
