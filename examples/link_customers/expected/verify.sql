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
    (1, 'expand', 'Add customers.user_id (uuid, nullable).',
     EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.customers') AND attname = 'user_id' AND NOT attisdropped AND format_type(atttypid, atttypmod) = 'uuid')),
    (2, 'expand', 'Fill customers.user_id by a trigger in rows that the old version writes.',
     EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.users') AND tgname = '_gm_customers_user_id_late' AND NOT tgisinternal) AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_customers_user_id_late' AND p.prosrc = ' BEGIN RETURN NEW; END ')),
    (3, 'validate', 'Make customers.user_id NOT NULL, proved before it is enforced.',
     EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.customers') AND a.attname = 'user_id' AND NOT a.attisdropped AND a.attnotnull)),
    (4, 'validate', 'Make customers (user_id) UNIQUE as customers_user_id_key.',
     EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_key' AND pg_get_constraintdef(oid) IN ('UNIQUE (user_id)', 'UNIQUE (user_id) NOT VALID'))),
    (5, 'validate', 'Let customers (user_id) reference users (id) ON DELETE CASCADE.',
     EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_fkey' AND pg_get_constraintdef(oid) = 'FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE')),
    (6, 'contract', 'Stop filling customers.user_id by a trigger.',
     NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.users') AND tgname = '_gm_customers_user_id_late' AND NOT tgisinternal))
) AS state (number, stage, step, done)
ORDER BY number;
