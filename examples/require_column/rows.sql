INSERT INTO workspaces (slug, plan, seats) VALUES
    ('engineers', 'paid', 12),
    ('poets', 'free', 1),
    ('founders', NULL, 4),
    ('hermits', NULL, 1);
