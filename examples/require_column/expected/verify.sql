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
    (1, 'expand', 'Add the value trial to the enum plan.',
     EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype('public.plan') AND enumlabel = 'trial')),
    (2, 'expand', 'Change the type of workspaces.slug from character varying(40) to character varying(60).',
     EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.workspaces') AND attname = 'slug' AND NOT attisdropped AND format_type(atttypid, atttypmod) = 'character varying(60)' AND attcollation = (SELECT typcollation FROM pg_type WHERE oid = atttypid))),
    (3, 'expand', 'Set the default of workspaces.plan to ''free''::public.plan.',
     coalesce((SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = to_regclass('public.workspaces') AND a.attname = 'plan') = '''free''::public.plan', false)),
    (4, 'expand', 'Fill workspaces.plan by a trigger in rows that the old version writes.',
     EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.workspaces') AND tgname = '_gm_workspaces_plan_fill' AND NOT tgisinternal) AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_workspaces_plan_fill' AND p.prosrc = ' BEGIN RETURN NEW; END ')),
    (5, 'validate', 'Build the unique index workspaces_slug_key on workspaces (lower((slug)::text)).',
     EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.workspaces_slug_key') AND pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX workspaces_slug_key ON public.workspaces USING btree (lower((slug)::text))' AND indisvalid)),
    (6, 'validate', 'Add the check workspaces_seats_check to workspaces.',
     EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.workspaces') AND conname = 'workspaces_seats_check' AND pg_get_constraintdef(oid) = 'CHECK ((seats > 0))')),
    (7, 'validate', 'Make workspaces.plan NOT NULL, proved before it is enforced.',
     EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.workspaces') AND a.attname = 'plan' AND NOT a.attisdropped AND a.attnotnull)),
    (8, 'contract', 'Stop filling workspaces.plan by a trigger.',
     NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.workspaces') AND tgname = '_gm_workspaces_plan_fill' AND NOT tgisinternal))
) AS state (number, stage, step, done)
ORDER BY number;
