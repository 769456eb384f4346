-- Clean rows: every customer has exactly one user with the same e-mail. The dirty ones are in dirty_rows.sql.
INSERT INTO users (id, email, full_name) VALUES
    ('00000000-0000-4000-8000-000000000001', 'ada@example.org', 'Ada'),
    ('00000000-0000-4000-8000-000000000002', 'grace@example.org', 'Grace'),
    ('00000000-0000-4000-8000-000000000003', 'barbara@example.org', 'Barbara'),
    ('00000000-0000-4000-8000-000000000004', 'no-customer@example.org', NULL);

INSERT INTO customers (id, email, name) VALUES
    ('10000000-0000-4000-8000-000000000001', 'ada@example.org', 'Ada Ltd'),
    ('10000000-0000-4000-8000-000000000002', 'grace@example.org', 'Grace Inc'),
    ('10000000-0000-4000-8000-000000000003', 'barbara@example.org', NULL);

INSERT INTO subscriptions (customer_id, plan) VALUES
    ('10000000-0000-4000-8000-000000000001', 'starter'),
    ('10000000-0000-4000-8000-000000000001', 'team'),
    ('10000000-0000-4000-8000-000000000002', 'starter');

INSERT INTO license_keys (customer_id, key) VALUES
    ('10000000-0000-4000-8000-000000000001', 'AAAA-0001'),
    ('10000000-0000-4000-8000-000000000003', 'BBBB-0003');
