-- As one would write it by hand.
BEGIN;

ALTER TABLE customers ADD COLUMN user_id uuid REFERENCES users(id) ON DELETE CASCADE;

UPDATE customers SET user_id = users.id FROM users WHERE users.email = customers.email;

ALTER TABLE customers ALTER COLUMN user_id SET NOT NULL;

ALTER TABLE customers ADD CONSTRAINT customers_user_id_key UNIQUE (user_id);

COMMIT;
