-- gen-migration: plan 8f6f24fdd86c, stage validate of expand, backfill, validate, contract
--
-- 1. Make customers.user_id NOT NULL, proved before it is enforced.
--
-- Stop if rows of customers have no user_id.
--
-- Before: The new version of the application is deployed; processes of the old one may still be running.
-- Locks of the validate stage, and how long the application waits for them at worst:
--     customers: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most
--     users: SHARE ROW EXCLUSIVE, blocks writes, 0.1 s at most
--
-- 2. Make customers (user_id) UNIQUE as customers_user_id_unique.
--
-- 3. Let customers (user_id) reference users (id) ON DELETE CASCADE.
--
-- Drizzle runs all pending migrations in one transaction. It is ended here and begun anew at the end, since every
-- statement between commits by itself; each may be run again.
COMMIT;
--> statement-breakpoint
-- Make customers.user_id NOT NULL, proved before it is enforced.
DO $gm$
BEGIN
    -- What follows may take long, and neither timeout may end it. They are given back at the end.
    PERFORM set_config('gen_migration.lock_timeout', coalesce(nullif(current_setting('gen_migration.lock_timeout', true), ''), current_setting('lock_timeout')), false),
            set_config('gen_migration.statement_timeout', coalesce(nullif(current_setting('gen_migration.statement_timeout', true), ''), current_setting('statement_timeout')), false),
            set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false);
END
$gm$;
--> statement-breakpoint
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
        (1, 'script', '{}'::text[],
         '{}'::text[],
         $unless$EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.customers') AND a.attname = 'user_id' AND NOT a.attisdropped AND a.attnotnull)$unless$,
         $run$
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.customers') AND a.attname = 'user_id' AND NOT a.attisdropped AND a.attnotnull) THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT 'id = ' || quote_nullable(this.id) || ', ' || 'user_id = ' || quote_nullable(this.user_id) FROM public.customers AS this WHERE this.user_id IS NULL
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Rows of customers have no user_id' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Run the backfill stage again: it fills what was written since, or says why it cannot. Then run this file again.';
    END IF;
END
$gate$;
$run$),
        (2, 'instant', ARRAY['public.customers']::text[],
         '{}'::text[],
         $unless$EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.customers') AND attname = 'user_id' AND NOT attisdropped AND attnotnull)$unless$,
         $run$
ALTER TABLE public.customers ADD CONSTRAINT customers_user_id_not_null NOT NULL user_id NOT VALID;
$run$),
        (3, 'long', ARRAY['public.customers']::text[],
         '{}'::text[],
         $unless$EXISTS (SELECT FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'n' AND c.conkey = ARRAY[a.attnum] AND c.convalidated WHERE a.attrelid = to_regclass('public.customers') AND a.attname = 'user_id' AND NOT a.attisdropped AND a.attnotnull)$unless$,
         $run$
ALTER TABLE public.customers VALIDATE CONSTRAINT customers_user_id_not_null;
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
--> statement-breakpoint
DO $gm$
BEGIN
    PERFORM set_config('lock_timeout', coalesce(nullif(current_setting('gen_migration.lock_timeout', true), ''), current_setting('lock_timeout')), false),
            set_config('statement_timeout', coalesce(nullif(current_setting('gen_migration.statement_timeout', true), ''), current_setting('statement_timeout')), false),
            set_config('gen_migration.lock_timeout', '', false), set_config('gen_migration.statement_timeout', '', false);
END
$gm$;
--> statement-breakpoint
-- Make customers (user_id) UNIQUE as customers_user_id_unique.
DO $gm$
BEGIN
    -- What follows may take long, and neither timeout may end it. They are given back at the end.
    PERFORM set_config('gen_migration.lock_timeout', coalesce(nullif(current_setting('gen_migration.lock_timeout', true), ''), current_setting('lock_timeout')), false),
            set_config('gen_migration.statement_timeout', coalesce(nullif(current_setting('gen_migration.statement_timeout', true), ''), current_setting('statement_timeout')), false),
            set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false);
END
$gm$;
--> statement-breakpoint
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
        (1, 'script', '{}'::text[],
         '{}'::text[],
         $unless$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_unique' AND pg_get_constraintdef(oid) IN ('UNIQUE (user_id)', 'UNIQUE (user_id) NOT VALID'))$unless$,
         $run$
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_unique' AND pg_get_constraintdef(oid) IN ('UNIQUE (user_id)', 'UNIQUE (user_id) NOT VALID')) THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT count(*) || ' rows have ' || 'user_id = ' || quote_nullable(this.user_id) FROM public.customers AS this WHERE this.user_id IS NOT NULL GROUP BY this.user_id HAVING count(*) > 1
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Several rows of customers have the same user_id' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Change or remove the duplicates, then run this file again.';
    END IF;
END
$gate$;
$run$),
        (2, 'instant', ARRAY['public.customers']::text[],
         ARRAY[
             [$if$(to_regclass('public.customers_user_id_unique') IS NOT NULL) AND NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.customers_user_id_unique') AND pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX customers_user_id_unique ON public.customers USING btree (user_id)')$if$, 'customers_user_id_unique is there, but it is not the index that is wanted: rename or drop it first']
         ],
         $unless$NOT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.customers_user_id_unique') AND NOT indisvalid)$unless$,
         $run$
DROP INDEX public.customers_user_id_unique;
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
--> statement-breakpoint
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS customers_user_id_unique ON public.customers USING btree (user_id);
--> statement-breakpoint
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
         ARRAY[
             [$if$NOT (EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('public.customers_user_id_unique') AND pg_get_indexdef(indexrelid) = 'CREATE UNIQUE INDEX customers_user_id_unique ON public.customers USING btree (user_id)' AND indisvalid))$if$, 'the statement before did not come to its end: undo this step, and run it again']
         ],
         $unless$true$unless$,
         $run$$run$),
        (2, 'instant', ARRAY['public.customers']::text[],
         '{}'::text[],
         $unless$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_unique' AND pg_get_constraintdef(oid) IN ('UNIQUE (user_id)', 'UNIQUE (user_id) NOT VALID'))$unless$,
         $run$
ALTER TABLE public.customers ADD CONSTRAINT customers_user_id_unique UNIQUE USING INDEX customers_user_id_unique;
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
--> statement-breakpoint
DO $gm$
BEGIN
    PERFORM set_config('lock_timeout', coalesce(nullif(current_setting('gen_migration.lock_timeout', true), ''), current_setting('lock_timeout')), false),
            set_config('statement_timeout', coalesce(nullif(current_setting('gen_migration.statement_timeout', true), ''), current_setting('statement_timeout')), false),
            set_config('gen_migration.lock_timeout', '', false), set_config('gen_migration.statement_timeout', '', false);
END
$gm$;
--> statement-breakpoint
-- Let customers (user_id) reference users (id) ON DELETE CASCADE.
DO $gm$
BEGIN
    -- What follows may take long, and neither timeout may end it. They are given back at the end.
    PERFORM set_config('gen_migration.lock_timeout', coalesce(nullif(current_setting('gen_migration.lock_timeout', true), ''), current_setting('lock_timeout')), false),
            set_config('gen_migration.statement_timeout', coalesce(nullif(current_setting('gen_migration.statement_timeout', true), ''), current_setting('statement_timeout')), false),
            set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false);
END
$gm$;
--> statement-breakpoint
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
        (1, 'script', '{}'::text[],
         '{}'::text[],
         $unless$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_users_id_fk' AND pg_get_constraintdef(oid) = 'FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE')$unless$,
         $run$
DO $gate$
DECLARE
    offenders bigint;
    examples  text;
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_users_id_fk' AND pg_get_constraintdef(oid) = 'FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE') THEN
        RETURN;
    END IF;
    PERFORM set_config('search_path', 'pg_catalog, public', true);
    SELECT count(*), string_agg(offender, E'\n') FILTER (WHERE number <= 10) INTO offenders, examples
    FROM (SELECT offender, row_number() OVER () AS number FROM (
        SELECT 'id = ' || quote_nullable(this.id) || ', ' || 'user_id = ' || quote_nullable(this.user_id) FROM public.customers AS this WHERE this.user_id IS NOT NULL AND NOT EXISTS (SELECT FROM public.users AS parent WHERE parent.id = this.user_id)
    ) AS found (offender)) AS numbered;
    IF offenders > 0 THEN
        RAISE EXCEPTION '%', 'Rows of customers reference a row of users that is not there' || format(' (%s found)', offenders) USING
            ERRCODE = 'integrity_constraint_violation',
            DETAIL = examples,
            HINT = 'Add the missing rows of users, or correct or remove these, then run this file again.';
    END IF;
END
$gate$;
$run$),
        (2, 'instant', ARRAY['public.users', 'public.customers']::text[],
         ARRAY[
             [$if$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_users_id_fk') AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_users_id_fk' AND pg_get_constraintdef(oid) IN ('FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE', 'FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE NOT VALID'))$if$, 'customers has a constraint customers_user_id_users_id_fk with another definition']
         ],
         $unless$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_users_id_fk' AND pg_get_constraintdef(oid) IN ('FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE', 'FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE NOT VALID'))$unless$,
         $run$
LOCK TABLE public.users, public.customers IN SHARE ROW EXCLUSIVE MODE;
ALTER TABLE public.customers ADD CONSTRAINT customers_user_id_users_id_fk FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE NOT VALID;
$run$),
        (3, 'long', ARRAY['public.customers']::text[],
         '{}'::text[],
         $unless$EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('public.customers') AND conname = 'customers_user_id_users_id_fk' AND pg_get_constraintdef(oid) = 'FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE')$unless$,
         $run$
ALTER TABLE public.customers VALIDATE CONSTRAINT customers_user_id_users_id_fk;
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
--> statement-breakpoint
DO $gm$
BEGIN
    PERFORM set_config('lock_timeout', coalesce(nullif(current_setting('gen_migration.lock_timeout', true), ''), current_setting('lock_timeout')), false),
            set_config('statement_timeout', coalesce(nullif(current_setting('gen_migration.statement_timeout', true), ''), current_setting('statement_timeout')), false),
            set_config('gen_migration.lock_timeout', '', false), set_config('gen_migration.statement_timeout', '', false);
END
$gm$;
--> statement-breakpoint
BEGIN;
