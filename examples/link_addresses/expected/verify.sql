-- verify.sql: how far the migration is. It only reads; run it before, between and after the stages.
--     psql -X -f verify.sql
-- "done" is true once a step's state is there. What contract and cleanup take away again (triggers, kept columns) is
-- no longer there when they have run.

SET search_path = '';
SET lock_timeout = 0;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '10s';
SET client_min_messages = notice;

SELECT stage, step, done FROM (VALUES
    (1, 'expand', 'Keep a note of the rows of addresses that are created for sign_ins.address_id.',
     (to_regclass('public._gm_sign_ins_address_id_created') IS NOT NULL)),
    (2, 'expand', 'Add sign_ins.address_id (bigint, nullable).',
     EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.sign_ins') AND attname = 'address_id' AND NOT attisdropped AND format_type(atttypid, atttypmod) = 'bigint')),
    (3, 'expand', 'Fill sign_ins.address_id by a trigger in rows that the old version writes.',
     EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.sign_ins') AND tgname = '_gm_sign_ins_address_id_fill' AND NOT tgisinternal) AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_sign_ins_address_id_fill' AND p.prosrc = ' BEGIN RETURN NEW; END ')),
    (4, 'expand', 'Let sign_ins.address be NULL.',
     NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.sign_ins') AND attname = 'address' AND NOT attisdropped AND attnotnull)),
    (5, 'validate', 'Make sign_ins.address_id NOT NULL, proved before it is enforced.',
     EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.sign_ins') AND a.attname = 'address_id' AND NOT a.attisdropped AND a.attnotnull)),
    (6, 'validate', 'Make sign_ins (account_id, address_id) UNIQUE as sign_ins_account_id_address_id_key.',
     EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_account_id_address_id_key' AND pg_get_constraintdef(oid) IN ('UNIQUE (account_id, address_id)', 'UNIQUE (account_id, address_id) NOT VALID'))),
    (7, 'validate', 'Let sign_ins (address_id) reference addresses (id).',
     EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_address_id_fkey' AND pg_get_constraintdef(oid) = 'FOREIGN KEY (address_id) REFERENCES public.addresses(id)')),
    (8, 'contract', 'Stop filling sign_ins.address_id by a trigger.',
     NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.sign_ins') AND tgname = '_gm_sign_ins_address_id_fill' AND NOT tgisinternal)),
    (9, 'contract', 'Drop the unique constraint sign_ins_account_id_address_key of sign_ins (account_id, address).',
     NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_account_id_address_key')),
    (10, 'contract', 'Set sign_ins.address aside as _gm_dropped_address: its values stay until cleanup.',
     NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.sign_ins') AND attname = 'address' AND NOT attisdropped)),
    (11, 'cleanup', 'Forget which rows were created in addresses.',
     NOT (to_regclass('public._gm_sign_ins_address_id_created') IS NOT NULL)),
    (12, 'cleanup', 'Drop what was kept of sign_ins.address.',
     NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.sign_ins') AND attname = '_gm_dropped_address' AND NOT attisdropped))
) AS state (number, stage, step, done)
ORDER BY number;
