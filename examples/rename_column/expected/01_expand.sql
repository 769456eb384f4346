-- 01_expand.sql: 2 steps, planned for PostgreSQL 18 by gen-migration
--
-- Run it as the tables' owner, again after any interruption, as often as it takes: what is done is skipped.
--     psql -X -v ON_ERROR_STOP=1 -f 01_expand.sql
--
-- What it does:
-- 1. Drop the check members_fullname_check of members.
-- 2. Add members.full_name (text) beside fullname; a trigger keeps the two the same.
--
-- Before: The old version of the application is running. Nothing has to be deployed before.
--
-- Locks, and how long the application waits for them at worst:
-- members: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most
--
-- Rollback: 01_expand.rollback.sql (lossy)
--     rows that violate it and were written since: it stops until they are corrected

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

-- 1 of 2 ----------------------------------------------------------------------
-- Drop the check members_fullname_check of members.
CALL pg_temp.gm_step(
    tables => ARRAY['public.members']::text[],
    unless => $step$NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.members') AND conname = 'members_fullname_check')$step$,
    run    => $step$
ALTER TABLE public.members DROP CONSTRAINT members_fullname_check;
$step$);

-- 2 of 2 ----------------------------------------------------------------------
-- Add members.full_name (text) beside fullname; a trigger keeps the two the same.
CALL pg_temp.gm_step(
    tables => ARRAY['public.members']::text[],
    unless => $step$EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.members') AND attname = 'full_name' AND NOT attisdropped)$step$,
    run    => $step$
ALTER TABLE public.members ADD COLUMN full_name text;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.members']::text[],
    unless => $step$EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.members') AND tgname = '_gm_members_full_name_mirror' AND NOT tgisinternal) AND NOT EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_members_full_name_mirror' AND p.prosrc = ' BEGIN RETURN NEW; END ')$step$,
    run    => $step$
CREATE OR REPLACE FUNCTION public._gm_members_full_name_mirror() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $mirror$
-- Keeps members.fullname and full_name the same while both versions of the application
-- write: the one that a statement changes leads, the new one where it changes both. The new column must have no default
-- as long as this trigger is there: a default could not be told from a value that was given.
-- To switch it off at once, without any lock on the table, replace the body by RETURN NEW.
#variable_conflict use_column
DECLARE
    led_by_old public.members.full_name%TYPE;
BEGIN
    IF TG_OP = 'UPDATE' AND ROW(NEW.fullname, NEW.full_name)::record *= ROW(OLD.fullname, OLD.full_name) THEN
        RETURN NEW;
    END IF;

    BEGIN
        led_by_old := (SELECT (fullname) FROM (SELECT NEW.*) AS this);
    EXCEPTION WHEN data_exception THEN
        NULL;  -- a value that has no new form must not stop the old application: the gate stops the migration
    END;
    IF (TG_OP = 'INSERT' AND NEW.full_name IS NULL)
       OR (TG_OP = 'UPDATE' AND ROW(NEW.full_name)::record *= ROW(OLD.full_name)) THEN
        NEW.full_name := led_by_old;
    ELSIF ROW(NEW.full_name)::record *<> ROW(led_by_old) THEN
        NEW.fullname := (SELECT (full_name) FROM (SELECT NEW.*) AS this);
    END IF;
    RETURN NEW;
END
$mirror$;
CREATE OR REPLACE TRIGGER _gm_members_full_name_mirror
    BEFORE INSERT OR UPDATE OF fullname, full_name ON public.members
    FOR EACH ROW EXECUTE FUNCTION public._gm_members_full_name_mirror();
$step$);
