-- Dirty rows, as they are found in production: 02_backfill.sql names every one of them and stops.
INSERT INTO accounts (name) VALUES ('ada'), ('grace');

INSERT INTO addresses (address) VALUES ('192.0.2.7');

INSERT INTO sign_ins (account_id, address) VALUES
    (1, '192.0.2.7'),
    (1, '192.0.2.7/32'),      -- the same address under another spelling: two rows that would become one
    (1, '2001:db8::1'),
    (2, '2001:db8:0:0::1');   -- also another spelling, but of another account: no harm
