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
    (1, 'expand', 'Drop the check members_fullname_check of members.',
     NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.members') AND conname = 'members_fullname_check')),
    (2, 'expand', 'Add members.full_name (text) beside fullname; a trigger keeps the two the same.',
     EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.members') AND tgname = '_gm_members_full_name_mirror' AND NOT tgisinternal) AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_members_full_name_mirror' AND p.prosrc = ' BEGIN RETURN NEW; END ')),
    (3, 'validate', 'Make members.full_name NOT NULL, proved before it is enforced.',
     EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.members') AND a.attname = 'full_name' AND NOT a.attisdropped AND a.attnotnull)),
    (4, 'validate', 'Build the index members_full_name_idx on members (lower(full_name)).',
     EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.members_full_name_idx') AND pg_get_indexdef(indexrelid) = 'CREATE INDEX members_full_name_idx ON public.members USING btree (lower(full_name))' AND indisvalid)),
    (5, 'validate', 'Add the check members_full_name_check to members.',
     EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.members') AND conname = 'members_full_name_check' AND pg_get_constraintdef(oid) = 'CHECK ((full_name <> ''''::text))')),
    (6, 'contract', 'Drop the index members_fullname_idx of members.',
     NOT (to_regclass('public.members_fullname_idx') IS NOT NULL)),
    (7, 'contract', 'Set members.fullname aside as _gm_dropped_fullname, kept the same as full_name until cleanup.',
     NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.members') AND attname = 'fullname' AND NOT attisdropped)),
    (8, 'cleanup', 'Drop what was kept of members.fullname, and the trigger that kept it.',
     NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.members') AND attname = '_gm_dropped_fullname' AND NOT attisdropped))
) AS state (number, stage, step, done)
ORDER BY number;
