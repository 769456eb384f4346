-- 03_validate.sql: 5 steps, planned for PostgreSQL 18 by gen-migration
--
-- Run it as the tables' owner, again after any interruption, as often as it takes: what is done is skipped.
--     psql -X -v ON_ERROR_STOP=1 -f 03_validate.sql
--
-- What it does:
-- 1. Build the unique index workspaces_slug_key on workspaces (lower((slug)::text)).
-- 2. Stop if rows of workspaces violate the check workspaces_seats_check.
-- 3. Add the check workspaces_seats_check to workspaces.
-- 4. Stop if rows of workspaces have no plan.
-- 5. Make workspaces.plan NOT NULL, proved before it is enforced.
--
-- Before: The new version of the application is deployed; processes of the old one may still be running.
--
-- Locks, and how long the application waits for them at worst:
-- workspaces: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most
--
-- Rollback: 03_validate.rollback.sql (free)

SET search_path = '';
SET lock_timeout = 0;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '10s';
SET client_min_messages = notice;

-- How the steps below take their locks. One try is one transaction; where the lock is not there at once, the try is
-- given up, so that the application never queues behind it for longer than lock_timeout (5, then 30, then 100 ms),
-- and made again after a pause in which nothing is held: 60 tries, about a minute. An autovacuum of the table gives way
-- only to somebody who has waited for deadlock_timeout (1 s); that is waited out in SHARE UPDATE EXCLUSIVE mode, which
-- reads and writes do not feel. Lock timeouts (55P03) and deadlocks (40P01) are tried again, nothing else is.
CREATE OR REPLACE PROCEDURE pg_temp.gm_step(
    tables text[], unless text, run text, refuse text[] DEFAULT '{}', long boolean DEFAULT false
) LANGUAGE plpgsql AS $gm$
DECLARE
    tries   int := CASE WHEN long THEN 10 ELSE 60 END;
    attempt int := 0;
    holds   boolean;
    in_way  text;
    message text;
    code    text;
BEGIN
    FOR i IN 1 .. coalesce(array_length(refuse, 1), 0) LOOP
        EXECUTE 'SELECT ' || refuse[i][1] INTO holds;
        IF holds THEN
            RAISE EXCEPTION '%', refuse[i][2];
        END IF;
    END LOOP;

    LOOP
        EXECUTE 'SELECT ' || unless INTO holds;
        EXIT WHEN holds;
        attempt := attempt + 1;
        BEGIN
            PERFORM set_config('lock_timeout', CASE WHEN long THEN '60s' ELSE '3s' END, true);
            IF tables <> '{}' THEN
                EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', array_to_string(tables, ', '));
            END IF;
            PERFORM set_config('lock_timeout', CASE WHEN long THEN '60s' WHEN attempt <= 20 THEN '5ms'
                                                    WHEN attempt <= 40 THEN '30ms' ELSE '100ms' END, true);
            EXECUTE run;
            EXIT;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, code = RETURNED_SQLSTATE;
        END;

        IF attempt >= tries THEN
            SELECT string_agg(format('%s on %s held by %s', mode, locked, holder), E'\n') INTO in_way FROM (
                SELECT lock.mode, lock.relation::regclass AS locked, CASE
                           WHEN lock.pid IS NULL THEN 'a prepared transaction (see pg_prepared_xacts)'
                           ELSE format('process %s (%s, %s, for %s): %s', lock.pid,
                               coalesce(nullif(other.application_name, ''), other.backend_type, 'of another user'),
                               coalesce(other.state, 'state not visible'),
                               coalesce(date_trunc('second', clock_timestamp() - other.xact_start)::text, '?'),
                               left(other.query, 100))
                       END AS holder
                FROM pg_locks AS lock LEFT JOIN pg_stat_activity AS other USING (pid)
                WHERE lock.granted AND lock.relation = ANY (SELECT to_regclass(name) FROM unnest(tables) AS name)
                  AND lock.pid IS DISTINCT FROM pg_backend_pid()
                ORDER BY other.xact_start LIMIT 5) AS oldest;
            RAISE EXCEPTION 'gave up after % tries: %', attempt, message USING
                ERRCODE = code,
                DETAIL = format(E'Statement: %s\nIn the way: %s', run, coalesce(in_way, 'nothing any more')),
                HINT = 'This step changed nothing. When what is in the way has ended, run this file again: '
                       'steps that are done are skipped.';
        END IF;

        COMMIT;
        PERFORM pg_sleep((0.5 + random()) * CASE WHEN attempt <= 20 THEN 0.05 WHEN attempt <= 40 THEN 0.5 ELSE 2 END);
    END LOOP;
END
$gm$;

-- 1 of 5 ----------------------------------------------------------------------
-- Build the unique index workspaces_slug_key on workspaces (lower((slug)::text)).
CALL pg_temp.gm_step(
    tables => ARRAY['public.workspaces']::text[],
    refuse => ARRAY[
        [$step$(to_regclass('public.workspaces_slug_key') IS NOT NULL) AND NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.workspaces_slug_key') AND pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX workspaces_slug_key ON public.workspaces USING btree (lower((slug)::text))')$step$, 'workspaces_slug_key is there, but it is not the index that is wanted: rename or drop it first']
    ],
    unless => $step$NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.workspaces_slug_key') AND NOT indisvalid)$step$,
    run    => $step$
DROP INDEX public.workspaces_slug_key;
$step$);

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS workspaces_slug_key ON public.workspaces USING btree (lower((slug)::text));
DO $done$
BEGIN
    IF NOT (EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.workspaces_slug_key') AND pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX workspaces_slug_key ON public.workspaces USING btree (lower((slug)::text))' AND indisvalid)) THEN
        RAISE EXCEPTION 'the statement above did not come to its end' USING
            HINT = 'Run this file again: it goes on where it was.';
    END IF;
END
$done$;

-- 2 of 5 ----------------------------------------------------------------------
-- Stop if rows of workspaces violate the check workspaces_seats_check.
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.workspaces') AND conname = 'workspaces_seats_check' AND pg_get_constraintdef(oid) = 'CHECK ((seats > 0))') THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT 'id = ' || quote_nullable(workspaces.id) || ', ' || 'seats = ' || quote_nullable(workspaces.seats) FROM public.workspaces WHERE NOT (((seats > 0)))
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Rows of workspaces violate the check workspaces_seats_check' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Correct these rows so that ((seats > 0)) holds, then run this file again.';
    END IF;
END
$gate$;

-- 3 of 5 ----------------------------------------------------------------------
-- Add the check workspaces_seats_check to workspaces.
CALL pg_temp.gm_step(
    tables => ARRAY['public.workspaces']::text[],
    unless => $step$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.workspaces') AND conname = 'workspaces_seats_check' AND pg_get_constraintdef(oid) IN ('CHECK ((seats > 0))', 'CHECK ((seats > 0)) NOT VALID'))$step$,
    run    => $step$
ALTER TABLE public.workspaces ADD CONSTRAINT workspaces_seats_check CHECK ((seats > 0)) NOT VALID;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.workspaces']::text[],
    long   => true,
    unless => $step$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.workspaces') AND conname = 'workspaces_seats_check' AND pg_get_constraintdef(oid) = 'CHECK ((seats > 0))')$step$,
    run    => $step$
ALTER TABLE public.workspaces VALIDATE CONSTRAINT workspaces_seats_check;
$step$);

-- 4 of 5 ----------------------------------------------------------------------
-- Stop if rows of workspaces have no plan.
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.workspaces') AND a.attname = 'plan' AND NOT a.attisdropped AND a.attnotnull) THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT 'id = ' || quote_nullable(this.id) || ', ' || 'plan = ' || quote_nullable(this.plan) FROM public.workspaces AS this WHERE this.plan IS NULL
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Rows of workspaces have no plan' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Run 02_backfill.sql again: it fills what was written since, or says why it cannot. Then run this file again.';
    END IF;
END
$gate$;

-- 5 of 5 ----------------------------------------------------------------------
-- Make workspaces.plan NOT NULL, proved before it is enforced.
CALL pg_temp.gm_step(
    tables => ARRAY['public.workspaces']::text[],
    unless => $step$EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.workspaces') AND attname = 'plan' AND NOT attisdropped AND attnotnull)$step$,
    run    => $step$
ALTER TABLE public.workspaces ADD CONSTRAINT workspaces_plan_not_null NOT NULL plan NOT VALID;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.workspaces']::text[],
    long   => true,
    unless => $step$EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.workspaces') AND a.attname = 'plan' AND NOT a.attisdropped AND a.attnotnull)$step$,
    run    => $step$
ALTER TABLE public.workspaces VALIDATE CONSTRAINT workspaces_plan_not_null;
$step$);
