-- gen-migration: plan 8f6f24fdd86c, stage expand of expand, backfill, validate, contract
-- Undoes 0001_expand_customers_user_id. Drizzle has no way back; run it by psql, the last stage first:
--     psql -X -v ON_ERROR_STOP=1 -f FILE

-- Undo: Fill customers.user_id by a trigger in rows that the old version writes.
DO $gm$
DECLARE
    step    record;
    attempt int;
    holds   boolean;
    in_way  text;
    message text;
    code    text;
BEGIN
    -- Each is a transaction of its own, and is left out where `unless` holds already: this may be run again, as often
    -- as it takes. way: how often and how long the lock is tried for.
    FOR step IN SELECT * FROM (VALUES
        (1, 'instant', '{}'::text[],
         '{}'::text[],
         $unless$(NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.customers') AND tgname = '_gm_customers_user_id_fill' AND NOT tgisinternal) OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_customers_user_id_fill' AND p.prosrc = ' BEGIN RETURN NEW; END '))$unless$,
         $run$
CREATE OR REPLACE FUNCTION public._gm_customers_user_id_fill() RETURNS trigger LANGUAGE plpgsql AS $off$ BEGIN RETURN NEW; END $off$;
$run$),
        (2, 'instant', '{}'::text[],
         '{}'::text[],
         $unless$(NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.users') AND tgname = '_gm_customers_user_id_late' AND NOT tgisinternal) OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.proname = '_gm_customers_user_id_late' AND p.prosrc = ' BEGIN RETURN NEW; END '))$unless$,
         $run$
CREATE OR REPLACE FUNCTION public._gm_customers_user_id_late() RETURNS trigger LANGUAGE plpgsql AS $off$ BEGIN RETURN NEW; END $off$;
$run$),
        (3, 'instant', ARRAY['public.customers']::text[],
         '{}'::text[],
         $unless$NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.customers') AND tgname = '_gm_customers_user_id_fill' AND NOT tgisinternal)$unless$,
         $run$
DROP TRIGGER _gm_customers_user_id_fill ON public.customers;
DROP TRIGGER _gm_customers_user_id_follow ON public.customers;
DROP FUNCTION IF EXISTS public._gm_customers_user_id_fill();
$run$),
        (4, 'instant', ARRAY['public.users']::text[],
         '{}'::text[],
         $unless$NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('public.users') AND tgname = '_gm_customers_user_id_late' AND NOT tgisinternal)$unless$,
         $run$
DROP TRIGGER _gm_customers_user_id_late ON public.users;
DROP FUNCTION IF EXISTS public._gm_customers_user_id_late();
$run$)
    ) AS listed (number, way, tables, refuse, unless, run) ORDER BY number LOOP
        IF step.number > 1 THEN
            COMMIT;
        END IF;
        PERFORM set_config('search_path', '', true);
        FOR i IN 1 .. coalesce(array_length(step.refuse, 1), 0) LOOP
            EXECUTE 'SELECT ' || step.refuse[i][1] INTO holds;
            IF holds THEN
                RAISE EXCEPTION '%', step.refuse[i][2];
            END IF;
        END LOOP;

        -- One try after the other: where the lock is not there at once the try is given up, so that the application
        -- never queues behind it for longer than lock_timeout (5, then 30, then 100 ms), and made again after a pause in
        -- which nothing is held. An autovacuum gives way to somebody who waits for deadlock_timeout (1 s) in SHARE UPDATE
        -- EXCLUSIVE mode. Lock timeouts (55P03) and deadlocks (40P01) are tried again, nothing else is.
        attempt := 0;
        LOOP
            PERFORM set_config('search_path', '', true);
            EXECUTE 'SELECT ' || step.unless INTO holds;
            EXIT WHEN holds;
            attempt := attempt + 1;
            BEGIN
                PERFORM set_config('lock_timeout', CASE step.way WHEN 'instant' THEN '3s' WHEN 'long' THEN '60s' ELSE '0' END, true);
                IF step.tables <> '{}' THEN
                    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', array_to_string(step.tables, ', '));
                END IF;
                IF step.way = 'instant' THEN
                    PERFORM set_config('lock_timeout', CASE WHEN attempt <= 20 THEN '5ms' WHEN attempt <= 40 THEN '30ms' ELSE '100ms' END, true);
                END IF;
                EXECUTE step.run;
                EXIT;
            EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
                GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, code = RETURNED_SQLSTATE;
            END;

            IF attempt >= (CASE step.way WHEN 'instant' THEN 60 ELSE 10 END) THEN
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
                    WHERE lock.granted AND lock.relation = ANY (SELECT to_regclass(name) FROM unnest(step.tables) AS name)
                      AND lock.pid IS DISTINCT FROM pg_backend_pid()
                    ORDER BY other.xact_start LIMIT 5) AS oldest;
                RAISE EXCEPTION 'gave up after % tries: %', attempt, message USING
                    ERRCODE = code,
                    DETAIL = format(E'Statement: %s\nIn the way: %s', step.run, coalesce(in_way, 'nothing any more')),
                    HINT = 'This step changed nothing. When what is in the way has ended, migrate again: what is done is skipped.';
            END IF;

            COMMIT;
            PERFORM pg_sleep((0.5 + random()) * CASE WHEN attempt <= 20 THEN 0.05 WHEN attempt <= 40 THEN 0.5 ELSE 2 END);
        END LOOP;
    END LOOP;
END
$gm$;

-- Undo: Add customers.user_id (uuid, nullable).
-- It cannot give back: what has been written into customers.user_id
DO $gm$
DECLARE
    step    record;
    attempt int;
    holds   boolean;
    in_way  text;
    message text;
    code    text;
BEGIN
    -- Each is a transaction of its own, and is left out where `unless` holds already: this may be run again, as often
    -- as it takes. way: how often and how long the lock is tried for.
    FOR step IN SELECT * FROM (VALUES
        (1, 'instant', ARRAY['public.customers']::text[],
         '{}'::text[],
         $unless$NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.customers') AND attname = 'user_id' AND NOT attisdropped)$unless$,
         $run$
ALTER TABLE public.customers DROP COLUMN user_id;
$run$)
    ) AS listed (number, way, tables, refuse, unless, run) ORDER BY number LOOP
        IF step.number > 1 THEN
            COMMIT;
        END IF;
        PERFORM set_config('search_path', '', true);
        FOR i IN 1 .. coalesce(array_length(step.refuse, 1), 0) LOOP
            EXECUTE 'SELECT ' || step.refuse[i][1] INTO holds;
            IF holds THEN
                RAISE EXCEPTION '%', step.refuse[i][2];
            END IF;
        END LOOP;

        -- One try after the other: where the lock is not there at once the try is given up, so that the application
        -- never queues behind it for longer than lock_timeout (5, then 30, then 100 ms), and made again after a pause in
        -- which nothing is held. An autovacuum gives way to somebody who waits for deadlock_timeout (1 s) in SHARE UPDATE
        -- EXCLUSIVE mode. Lock timeouts (55P03) and deadlocks (40P01) are tried again, nothing else is.
        attempt := 0;
        LOOP
            PERFORM set_config('search_path', '', true);
            EXECUTE 'SELECT ' || step.unless INTO holds;
            EXIT WHEN holds;
            attempt := attempt + 1;
            BEGIN
                PERFORM set_config('lock_timeout', CASE step.way WHEN 'instant' THEN '3s' WHEN 'long' THEN '60s' ELSE '0' END, true);
                IF step.tables <> '{}' THEN
                    EXECUTE format('LOCK TABLE %s IN SHARE UPDATE EXCLUSIVE MODE', array_to_string(step.tables, ', '));
                END IF;
                IF step.way = 'instant' THEN
                    PERFORM set_config('lock_timeout', CASE WHEN attempt <= 20 THEN '5ms' WHEN attempt <= 40 THEN '30ms' ELSE '100ms' END, true);
                END IF;
                EXECUTE step.run;
                EXIT;
            EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
                GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, code = RETURNED_SQLSTATE;
            END;

            IF attempt >= (CASE step.way WHEN 'instant' THEN 60 ELSE 10 END) THEN
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
                    WHERE lock.granted AND lock.relation = ANY (SELECT to_regclass(name) FROM unnest(step.tables) AS name)
                      AND lock.pid IS DISTINCT FROM pg_backend_pid()
                    ORDER BY other.xact_start LIMIT 5) AS oldest;
                RAISE EXCEPTION 'gave up after % tries: %', attempt, message USING
                    ERRCODE = code,
                    DETAIL = format(E'Statement: %s\nIn the way: %s', step.run, coalesce(in_way, 'nothing any more')),
                    HINT = 'This step changed nothing. When what is in the way has ended, migrate again: what is done is skipped.';
            END IF;

            COMMIT;
            PERFORM pg_sleep((0.5 + random()) * CASE WHEN attempt <= 20 THEN 0.05 WHEN attempt <= 40 THEN 0.5 ELSE 2 END);
        END LOOP;
    END LOOP;
END
$gm$;

DO $record$
BEGIN
    -- What Drizzle has recorded, where its table is the usual one: so that it would apply this again.
    IF to_regclass('drizzle.__drizzle_migrations') IS NOT NULL THEN
        DELETE FROM drizzle.__drizzle_migrations WHERE created_at = 1767225600001;
    END IF;
END
$record$;
