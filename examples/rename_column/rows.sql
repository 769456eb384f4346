INSERT INTO members (fullname, joined_on) VALUES
    ('Ada Lovelace', '2024-12-10'),
    ('Grace Hopper', '2024-12-09'),
    ('Barbara Liskov', '2025-11-07');
