-- 03_validate.sql: 6 steps, planned for PostgreSQL 18 by gen-migration
--
-- Run it as the tables' owner, again after any interruption, as often as it takes: what is done is skipped.
--     psql -X -v ON_ERROR_STOP=1 -f 03_validate.sql
--
-- What it does:
-- 1. Stop if rows of sign_ins have no address_id.
-- 2. Make sign_ins.address_id NOT NULL, proved before it is enforced.
-- 3. Stop if several rows of sign_ins have the same account_id, address_id.
-- 4. Make sign_ins (account_id, address_id) UNIQUE as sign_ins_account_id_address_id_key.
-- 5. Stop if rows of sign_ins reference a row of addresses that is not there.
-- 6. Let sign_ins (address_id) reference addresses (id).
--
-- Before: The new version of the application is deployed; processes of the old one may still be running.
--
-- Locks, and how long the application waits for them at worst:
-- sign_ins: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most
-- addresses: SHARE ROW EXCLUSIVE, blocks writes, 0.1 s at most
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

-- 1 of 6 ----------------------------------------------------------------------
-- Stop if rows of sign_ins have no address_id.
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.sign_ins') AND a.attname = 'address_id' AND NOT a.attisdropped AND a.attnotnull) THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT 'id = ' || quote_nullable(this.id) || ', ' || 'address_id = ' || quote_nullable(this.address_id) FROM public.sign_ins AS this WHERE this.address_id IS NULL
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Rows of sign_ins have no address_id' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Run 02_backfill.sql again: it fills what was written since, or says why it cannot. Then run this file again.';
    END IF;
END
$gate$;

-- 2 of 6 ----------------------------------------------------------------------
-- Make sign_ins.address_id NOT NULL, proved before it is enforced.
CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    unless => $step$EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.sign_ins') AND attname = 'address_id' AND NOT attisdropped AND attnotnull)$step$,
    run    => $step$
ALTER TABLE public.sign_ins ADD CONSTRAINT sign_ins_address_id_not_null NOT NULL address_id NOT VALID;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    long   => true,
    unless => $step$EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.sign_ins') AND a.attname = 'address_id' AND NOT a.attisdropped AND a.attnotnull)$step$,
    run    => $step$
ALTER TABLE public.sign_ins VALIDATE CONSTRAINT sign_ins_address_id_not_null;
$step$);

-- 3 of 6 ----------------------------------------------------------------------
-- Stop if several rows of sign_ins have the same account_id, address_id.
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_account_id_address_id_key' AND pg_get_constraintdef(oid) IN ('UNIQUE (account_id, address_id)', 'UNIQUE (account_id, address_id) NOT VALID')) THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT count(*) || ' rows have ' || 'account_id = ' || quote_nullable(this.account_id) || ', ' || 'address_id = ' || quote_nullable(this.address_id) FROM public.sign_ins AS this WHERE this.account_id IS NOT NULL AND this.address_id IS NOT NULL GROUP BY this.account_id, this.address_id HAVING count(*) > 1
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Several rows of sign_ins have the same account_id, address_id' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Change or remove the duplicates, then run this file again.';
    END IF;
END
$gate$;

-- 4 of 6 ----------------------------------------------------------------------
-- Make sign_ins (account_id, address_id) UNIQUE as sign_ins_account_id_address_id_key.
CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    refuse => ARRAY[
        [$step$(to_regclass('public.sign_ins_account_id_address_id_key') IS NOT NULL) AND NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.sign_ins_account_id_address_id_key') AND pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX sign_ins_account_id_address_id_key ON public.sign_ins USING btree (account_id, address_id)')$step$, 'sign_ins_account_id_address_id_key is there, but it is not the index that is wanted: rename or drop it first']
    ],
    unless => $step$NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.sign_ins_account_id_address_id_key') AND NOT indisvalid)$step$,
    run    => $step$
DROP INDEX public.sign_ins_account_id_address_id_key;
$step$);

CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS sign_ins_account_id_address_id_key ON public.sign_ins USING btree (account_id, address_id);
DO $done$
BEGIN
    IF NOT (EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.sign_ins_account_id_address_id_key') AND pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX sign_ins_account_id_address_id_key ON public.sign_ins USING btree (account_id, address_id)' AND indisvalid)) THEN
        RAISE EXCEPTION 'the statement above did not come to its end' USING
            HINT = 'Run this file again: it goes on where it was.';
    END IF;
END
$done$;

CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    unless => $step$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_account_id_address_id_key' AND pg_get_constraintdef(oid) IN ('UNIQUE (account_id, address_id)', 'UNIQUE (account_id, address_id) NOT VALID'))$step$,
    run    => $step$
ALTER TABLE public.sign_ins ADD CONSTRAINT sign_ins_account_id_address_id_key UNIQUE USING INDEX sign_ins_account_id_address_id_key;
$step$);

-- 5 of 6 ----------------------------------------------------------------------
-- Stop if rows of sign_ins reference a row of addresses that is not there.
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_address_id_fkey' AND pg_get_constraintdef(oid) = 'FOREIGN KEY (address_id) REFERENCES public.addresses(id)') THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT 'id = ' || quote_nullable(this.id) || ', ' || 'address_id = ' || quote_nullable(this.address_id) FROM public.sign_ins AS this WHERE this.address_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.addresses AS parent WHERE parent.id = this.address_id)
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Rows of sign_ins reference a row of addresses that is not there' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Add the missing rows of addresses, or correct or remove these, then run this file again.';
    END IF;
END
$gate$;

-- 6 of 6 ----------------------------------------------------------------------
-- Let sign_ins (address_id) reference addresses (id).
CALL pg_temp.gm_step(
    tables => ARRAY['public.addresses', 'public.sign_ins']::text[],
    refuse => ARRAY[
        [$step$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_address_id_fkey') AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_address_id_fkey' AND pg_get_constraintdef(oid) IN ('FOREIGN KEY (address_id) REFERENCES public.addresses(id)', 'FOREIGN KEY (address_id) REFERENCES public.addresses(id) NOT VALID'))$step$, 'sign_ins has a constraint sign_ins_address_id_fkey with another definition']
    ],
    unless => $step$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_address_id_fkey' AND pg_get_constraintdef(oid) IN ('FOREIGN KEY (address_id) REFERENCES public.addresses(id)', 'FOREIGN KEY (address_id) REFERENCES public.addresses(id) NOT VALID'))$step$,
    run    => $step$
LOCK TABLE public.addresses, public.sign_ins IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.sign_ins ADD CONSTRAINT sign_ins_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.addresses(id) NOT VALID;
$step$);

CALL pg_temp.gm_step(
    tables => ARRAY['public.sign_ins']::text[],
    long   => true,
    unless => $step$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.sign_ins') AND conname = 'sign_ins_address_id_fkey' AND pg_get_constraintdef(oid) = 'FOREIGN KEY (address_id) REFERENCES public.addresses(id)')$step$,
    run    => $step$
ALTER TABLE public.sign_ins VALIDATE CONSTRAINT sign_ins_address_id_fkey;
$step$);
