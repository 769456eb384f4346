-- 01_expand.sql: 4 steps, planned for PostgreSQL 18 by gen-migration
--
-- Run it as the tables' owner, again after any interruption, as often as it takes: what is done is skipped.
--     psql -X -v ON_ERROR_STOP=1 -f 01_expand.sql
--
-- What it does:
-- 1. Add the value trial to the enum plan.
-- 2. Change the type of workspaces.slug from character varying(40) to character varying(60).
-- 3. Set the default of workspaces.plan to 'free'::public.plan.
-- 4. Fill workspaces.plan by a trigger in rows that the old version writes.
--
-- Before: The old version of the application is running. Nothing has to be deployed before.
--
-- Locks, and how long the application waits for them at worst:
-- workspaces: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most
--
-- Rollback: 01_expand.rollback.sql (impossible)
--     PostgreSQL cannot take a value out of an enum: trial stays in plan, unused
--     values that do not fit character varying(40) and were written since: it stops until they are corrected;
--     rewrites the table while nobody can use it

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

-- 1 of 4 ----------------------------------------------------------------------
-- Add the value trial to the enum plan.
CALL pg_temp.gm_step(
    tables => ARRAY[]::text[],
    unless => $step$EXISTS (SELECT FROM pg_enum WHERE enumtypid = to_regtype('public.plan') AND enumlabel = 'trial')$step$,
    run    => $step$
ALTER TYPE public.plan ADD VALUE IF NOT EXISTS 'trial' BEFORE 'paid';
$step$);

-- 2 of 4 ----------------------------------------------------------------------
-- Change the type of workspaces.slug from character varying(40) to character varying(60).
CALL pg_temp.gm_step(
    tables => ARRAY['public.workspaces']::text[],
    unless => $step$EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.workspaces') AND attname = 'slug' AND NOT attisdropped AND format_type(atttypid, atttypmod) = 'character varying(60)' AND attcollation = (SELECT typcollation FROM pg_type WHERE oid = atttypid))$step$,
    run    => $step$
ALTER TABLE public.workspaces ALTER COLUMN slug TYPE character varying(60);
$step$);

-- 3 of 4 ----------------------------------------------------------------------
-- Set the default of workspaces.plan to 'free'::public.plan.
CALL pg_temp.gm_step(
    tables => ARRAY['public.workspaces']::text[],
    unless => $step$coalesce((SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = to_regclass('public.workspaces') AND a.attname = 'plan') = '''free''::public.plan', false)$step$,
    run    => $step$
ALTER TABLE public.workspaces ALTER COLUMN plan SET DEFAULT 'free'::public.plan;
$step$);

-- 4 of 4 ----------------------------------------------------------------------
-- Fill workspaces.plan by a trigger in rows that the old version writes.
CALL pg_temp.gm_step(
    tables => ARRAY['public.workspaces']::text[],
    unless => $step$EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.workspaces') AND tgname = '_gm_workspaces_plan_fill' AND NOT tgisinternal) AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_workspaces_plan_fill' AND p.prosrc = ' BEGIN RETURN NEW; END ')$step$,
    run    => $step$
CREATE OR REPLACE FUNCTION public._gm_workspaces_plan_fill() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $fill$
-- Fills workspaces.plan for the old application, which does not know the column yet. What a
-- statement gives is never overwritten. SECURITY DEFINER, because the application's role need not be allowed to read
-- what the value is made of. To switch it off at once, without any lock on the table, replace the body by RETURN NEW.
#variable_conflict use_column
DECLARE
    candidate public.plan;
    matches   int := 0;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.plan IS NOT NULL THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.plan IS NOT NULL AND NOT EXISTS (
        SELECT FROM (SELECT OLD.seats) AS workspaces
        WHERE ROW(CAST((CASE WHEN workspaces.seats > 1 THEN 'paid' ELSE 'free' END::plan) AS public.plan))::record *= ROW(OLD.plan)
    ) THEN
        -- The value follows what it was made of, but only where it was made: one that the new application chose stays.
        RETURN NEW;
    END IF;

    FOR candidate IN
        SELECT (CASE WHEN workspaces.seats > 1 THEN 'paid' ELSE 'free' END::plan)
        FROM (SELECT NEW.seats) AS workspaces
        LIMIT 2
    LOOP
        matches := matches + 1;
    END LOOP;

    -- None: the column stays as it is, and the gate before NOT NULL counts such rows. More than one: a trigger must not
    -- choose, so the same.
    IF matches = 1 AND candidate IS NOT NULL THEN
        IF TG_WHEN = 'AFTER' THEN
            UPDATE public.workspaces AS this SET plan = candidate
            WHERE this.id = NEW.id AND ROW(this.plan)::record *= ROW(NEW.plan);
            RETURN NULL;
        END IF;
        NEW.plan := candidate;
    END IF;
    RETURN NEW;
EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
    -- What cannot be made (of a text that is no number, …) must not stop the old application.
    RETURN NEW;
END
$fill$;
CREATE OR REPLACE TRIGGER _gm_workspaces_plan_fill
    BEFORE INSERT ON public.workspaces
    FOR EACH ROW EXECUTE FUNCTION public._gm_workspaces_plan_fill();
-- AFTER, since a BEFORE UPDATE trigger locks every row that is updated, and the back-fill updates them all.
-- By functions and not by *= and *<>: pg_dump writes those so that they cannot be read back.
CREATE OR REPLACE TRIGGER _gm_workspaces_plan_follow
    AFTER UPDATE OF seats ON public.workspaces
    FOR EACH ROW WHEN (record_image_eq(ROW(OLD.plan), ROW(NEW.plan))
        AND record_image_ne(ROW(OLD.seats), ROW(NEW.seats)))
    EXECUTE FUNCTION public._gm_workspaces_plan_fill();
$step$);
