-- 01_expand.rollback.sql: undoes 01_expand.sql, on PostgreSQL 18
--
-- Roll back the later stages first. Run it again after any interruption: what is undone is skipped.
--     psql -X -v ON_ERROR_STOP=1 -f 01_expand.rollback.sql
--
-- What it cannot give back:
--     what has been written into sign_ins.address_id
--     rows without sign_ins.address that were written since: it stops until they are corrected

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
-- Undo: Let sign_ins.address be NULL.
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.sign_ins') AND a.attname = 'address' AND NOT a.attisdropped AND a.attnotnull) THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT 'id = ' || quote_nullable(this.id) || ', ' || 'address = ' || quote_nullable(this.address) FROM public.sign_ins AS this WHERE this.address IS NULL
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Rows of sign_ins have no address' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Give these rows a value for address, then run this file again.';
    END IF;
END
$gate$;

CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    unless => $step$EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.sign_ins') AND attname = 'address' AND NOT attisdropped AND attnotnull)$step$,
    run    => $step$
ALTER TABLE public.sign_ins ADD CONSTRAINT sign_ins_address_not_null NOT NULL address NOT VALID;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    long   => true,
    unless => $step$EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.sign_ins') AND a.attname = 'address' AND NOT a.attisdropped AND a.attnotnull)$step$,
    run    => $step$
ALTER TABLE public.sign_ins VALIDATE CONSTRAINT sign_ins_address_not_null;
$step$);

-- 2 of 4 ----------------------------------------------------------------------
-- Undo: Fill sign_ins.address_id by a trigger in rows that the old version writes.
CALL pg_temp.gm_step(
    tables => ARRAY[]::text[],
    unless => $step$(NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.sign_ins') AND tgname = '_gm_sign_ins_address_id_fill' AND NOT tgisinternal) OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_sign_ins_address_id_fill' AND p.prosrc = ' BEGIN RETURN NEW; END '))$step$,
    run    => $step$
CREATE OR REPLACE FUNCTION public._gm_sign_ins_address_id_fill() RETURNS trigger LANGUAGE plpgsql AS $off$ BEGIN RETURN NEW; END $off$;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    unless => $step$NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.sign_ins') AND tgname = '_gm_sign_ins_address_id_fill' AND NOT tgisinternal)$step$,
    run    => $step$
DROP TRIGGER _gm_sign_ins_address_id_fill ON public.sign_ins;
DROP TRIGGER _gm_sign_ins_address_id_follow ON public.sign_ins;
DROP FUNCTION IF EXISTS public._gm_sign_ins_address_id_fill();
$step$);

-- 3 of 4 ----------------------------------------------------------------------
-- Undo: Add sign_ins.address_id (bigint, nullable).
CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    unless => $step$NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.sign_ins') AND attname = 'address_id' AND NOT attisdropped)$step$,
    run    => $step$
ALTER TABLE public.sign_ins DROP COLUMN address_id;
$step$);

-- 4 of 4 ----------------------------------------------------------------------
-- Undo: Keep a note of the rows of addresses that are created for sign_ins.address_id.
DO $uncreate$
DECLARE
    gm_referred text;
    gm_count    bigint;
BEGIN
    IF to_regclass('public._gm_sign_ins_address_id_created') IS NULL THEN
        RETURN;
    END IF;
    -- Whatever refers to such a row by a foreign key keeps it.
    SELECT coalesce(string_agg(format(' AND NOT EXISTS (SELECT FROM %s AS child WHERE %s)', conrelid::regclass, (
        SELECT string_agg(format('child.%I = gone.%I', its.attname, ours.attname), ' AND ')
        FROM unnest(conkey, confkey) AS pair (its, ours)
        JOIN pg_attribute AS its ON its.attrelid = conrelid AND its.attnum = pair.its
        JOIN pg_attribute AS ours ON ours.attrelid = confrelid AND ours.attnum = pair.ours)), ''), '') INTO gm_referred
    FROM pg_constraint WHERE contype = 'f' AND confrelid = 'public.addresses'::regclass;
    EXECUTE format('DELETE FROM %s AS gone USING %s AS made WHERE gone.id = made.id%s',
        'public.addresses', 'public._gm_sign_ins_address_id_created', gm_referred);
    GET DIAGNOSTICS gm_count = ROW_COUNT;
    RAISE NOTICE '%: % created rows are gone again', 'addresses', gm_count;
    DROP TABLE public._gm_sign_ins_address_id_created;
END
$uncreate$;
