-- How many users are customers: counted by e-mail, since nothing else tells.
SELECT count(*)
FROM users
JOIN customers USING (email);

INSERT INTO customers (email, name)
SELECT email, full_name FROM users WHERE created_at > now() - interval '1 day';
