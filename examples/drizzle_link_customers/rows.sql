-- Clean rows: every customer has exactly one user with the same e-mail.
INSERT INTO users (id, email, full_name) VALUES
    ('00000000-0000-4000-8000-000000000001', 'ada@example.org', 'Ada'),
    ('00000000-0000-4000-8000-000000000002', 'grace@example.org', 'Grace'),
    ('00000000-0000-4000-8000-000000000003', 'no-customer@example.org', NULL);

INSERT INTO customers (id, email, name) VALUES
    ('10000000-0000-4000-8000-000000000001', 'ada@example.org', 'Ada Ltd'),
    ('10000000-0000-4000-8000-000000000002', 'grace@example.org', 'Grace Inc');

INSERT INTO subscriptions (customer_id, tier) VALUES
    ('10000000-0000-4000-8000-000000000001', 'starter'),
    ('10000000-0000-4000-8000-000000000001', 'pro'),
    ('10000000-0000-4000-8000-000000000002', 'starter');

INSERT INTO license_keys (customer_id, key) VALUES
    ('10000000-0000-4000-8000-000000000001', 'AAAA-0001');
