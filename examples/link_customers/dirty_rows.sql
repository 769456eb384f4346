-- Dirty rows, as they are found in production: the preflight of 02_backfill.sql names every one of them and stops.
INSERT INTO users (id, email, full_name) VALUES
    ('00000000-0000-4000-8000-000000000001', 'ada@example.org', 'Ada'),
    ('00000000-0000-4000-8000-000000000002', 'grace@example.org', 'Grace');

INSERT INTO customers (id, email, name) VALUES
    ('10000000-0000-4000-8000-000000000001', 'ada@example.org', 'matches'),
    ('10000000-0000-4000-8000-000000000002', 'Ada@example.org ', 'near miss: upper case and a blank'),
    ('10000000-0000-4000-8000-000000000003', 'nobody@example.org', 'unmatched: no such user'),
    ('10000000-0000-4000-8000-000000000004', 'grace@example.org', 'duplicate: two customers, one user'),
    ('10000000-0000-4000-8000-000000000005', 'grace@example.org', 'duplicate: two customers, one user'),
    ('10000000-0000-4000-8000-000000000006', '', 'empty key');
