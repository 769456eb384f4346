-- Clean rows: every text is an address, and no account has one address under two spellings. The dirty ones are in
-- dirty_rows.sql.
INSERT INTO accounts (name) VALUES ('ada'), ('grace'), ('barbara');

-- Two are known already; one of them is spelled otherwise in sign_ins.
INSERT INTO addresses (address, banned) VALUES ('192.0.2.7', true), ('2001:db8::1', false);

INSERT INTO sign_ins (account_id, address) VALUES
    (1, '192.0.2.7'),
    (1, '2001:db8:0:0::1'),
    (1, '198.51.100.23'),
    (2, '198.51.100.23'),
    (2, '2001:db8::1'),
    (3, '203.0.113.0/24');
