-- Dirty rows: what is to be enforced does not hold for them, and the scripts stop before they enforce it.
INSERT INTO workspaces (slug, plan, seats) VALUES
    ('engineers', 'paid', 12),
    ('Engineers', NULL, 1),
    ('ghosts', NULL, 0);
