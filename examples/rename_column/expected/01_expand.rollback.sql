-- 01_expand.rollback.sql: undoes 01_expand.sql, on PostgreSQL 18
--
-- Roll back the later stages first. Run it again after any interruption: what is undone is skipped.
--     psql -X -v ON_ERROR_STOP=1 -f 01_expand.rollback.sql
--
-- What it cannot give back:
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
-- Undo: Add members.full_name (text) beside fullname; a trigger keeps the two the same.
CALL pg_temp.gm_step(
    tables => ARRAY[]::text[],
    unless => $step$(NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.members') AND tgname = '_gm_members_full_name_mirror' AND NOT tgisinternal) OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_members_full_name_mirror' AND p.prosrc = ' BEGIN RETURN NEW; END '))$step$,
    run    => $step$
CREATE OR REPLACE FUNCTION public._gm_members_full_name_mirror() RETURNS trigger LANGUAGE plpgsql AS $off$ BEGIN RETURN NEW; END $off$;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.members']::text[],
    unless => $step$NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.members') AND attname = 'full_name' AND NOT attisdropped)$step$,
    run    => $step$
DROP TRIGGER _gm_members_full_name_mirror ON public.members;
DROP FUNCTION IF EXISTS public._gm_members_full_name_mirror();
ALTER TABLE public.members DROP COLUMN full_name;
$step$);

-- 2 of 2 ----------------------------------------------------------------------
-- Undo: Drop the check members_fullname_check of members.
CALL pg_temp.gm_step(
    tables => ARRAY['public.members']::text[],
    unless => $step$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.members') AND conname = 'members_fullname_check' AND pg_get_constraintdef(oid) IN ('CHECK ((fullname <> ''''::text))', 'CHECK ((fullname <> ''''::text)) NOT VALID'))$step$,
    run    => $step$
ALTER TABLE public.members ADD CONSTRAINT members_fullname_check CHECK ((fullname <> ''::text)) NOT VALID;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.members']::text[],
    long   => true,
    unless => $step$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.members') AND conname = 'members_fullname_check' AND pg_get_constraintdef(oid) = 'CHECK ((fullname <> ''''::text))')$step$,
    run    => $step$
ALTER TABLE public.members VALIDATE CONSTRAINT members_fullname_check;
$step$);
