-- 04_contract.sql: 3 steps, planned for PostgreSQL 18 by gen-migration
--
-- Run it as the tables' owner, again after any interruption, as often as it takes: what is done is skipped.
--     psql -X -v ON_ERROR_STOP=1 -f 04_contract.sql
--
-- What it does:
-- 1. Stop filling sign_ins.address_id by a trigger.
-- 2. Drop the unique constraint sign_ins_account_id_address_key of sign_ins (account_id, address).
-- 3. Set sign_ins.address aside as _gm_dropped_address: its values stay until cleanup.
--
-- Before: No process of the old version of the application is left.
--
-- Locks, and how long the application waits for them at worst:
-- sign_ins: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most
--
-- Rollback: 04_contract.rollback.sql (lossy)
--     duplicates that were written since: it stops until they are corrected
--     rows written after contract have no sign_ins.address

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

-- 1 of 3 ----------------------------------------------------------------------
-- Stop filling sign_ins.address_id by a trigger.
CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    unless => $step$NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.sign_ins') AND tgname = '_gm_sign_ins_address_id_fill' AND NOT tgisinternal)$step$,
    run    => $step$
DROP TRIGGER _gm_sign_ins_address_id_fill ON public.sign_ins;
DROP TRIGGER _gm_sign_ins_address_id_follow ON public.sign_ins;
DROP FUNCTION IF EXISTS public._gm_sign_ins_address_id_fill();
$step$);

-- 2 of 3 ----------------------------------------------------------------------
-- Drop the unique constraint sign_ins_account_id_address_key of sign_ins (account_id, address).
CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    unless => $step$NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_account_id_address_key')$step$,
    run    => $step$
ALTER TABLE public.sign_ins DROP CONSTRAINT sign_ins_account_id_address_key;
$step$);

-- 3 of 3 ----------------------------------------------------------------------
-- Set sign_ins.address aside as _gm_dropped_address: its values stay until cleanup.
CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    unless => $step$NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.sign_ins') AND attname = 'address' AND NOT attisdropped)$step$,
    run    => $step$
ALTER TABLE public.sign_ins RENAME COLUMN address TO _gm_dropped_address;
$step$);
