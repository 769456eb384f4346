-- gen-migration: plan 8f6f24fdd86c, stage backfill of expand, backfill, validate, contract
--
-- 1. Fill customers.user_id from users in batches.
--
-- Before: The old version of the application may go on running. Nothing has to be deployed before.
-- Locks of the backfill stage, and how long the application waits for them at worst:
--     customers: SHARE UPDATE EXCLUSIVE, blocks neither reads nor writes, only other schema changes and VACUUM
--     users: ACCESS SHARE, blocks nothing that the application does
--
-- Drizzle runs all pending migrations in one transaction. It is ended here and begun anew at the end, since every
-- statement between commits by itself; each may be run again.
COMMIT;
--> statement-breakpoint
-- Fill customers.user_id from users in batches.
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
    gm_path text := current_setting('search_path');
BEGIN
-- How customers.user_id is filled, while the application goes on:
--   1. Every row without a value is looked up once, by one join, into a side table which says where the row lies (tid),
--      which version of it was seen (xmin), and what it is to be given. What stops the migration is found out here.
--   2. The sweep: a group of pages is updated in 12 passes, each touching a few rows of every page; a pass is several
--      batches, each a transaction of its own of at most 1,000 rows or some 25 ms. A pass clears away what the one
--      before left dead, so most new versions find room in their own page: half of the WAL and little bloat, as long as
--      no index has the column yet and no old snapshot is held elsewhere.
--   3. Rows that changed meanwhile are not touched; they, and rows somebody had locked, are looked up in the next
--      round, until nothing is left to fill.
-- Killed at any point, it goes on at the same group of pages when it is run again: progress is written by each batch.
-- Only rows without a value are touched. Triggers that the table has of its own fire as for any UPDATE.
SET search_path = pg_catalog, public, pg_temp;
SET row_security = off;         -- an error, rather than rows left out unseen, where the owner is under a policy as well
SET synchronous_commit = off;   -- a batch that a crash of the server takes back is simply done again
SET work_mem = '64MB';          -- for the one join
SET jit = off;

DO $one$
BEGIN
    IF NOT pg_try_advisory_lock(hashtextextended('gen-migration public.customers.user_id', 0)) THEN
        RAISE EXCEPTION '%: another session is filling it', 'customers.user_id' USING
            HINT = 'Let it end, or end that session (pg_locks says which one holds the advisory lock), and run this again.';
    END IF;
    -- Where psql is killed, the session ends within a second, and not only with its last batch.
    PERFORM set_config('client_connection_check_interval', '1s', false);
EXCEPTION WHEN invalid_parameter_value THEN
    NULL;  -- not on this operating system
END
$one$;

CREATE UNLOGGED TABLE IF NOT EXISTS public._gm_customers_user_id_side (
    place   bigint NOT NULL,   -- pass * 2^32 + page: the rows of one batch lie together
    tid     tid NOT NULL,
    version xid NOT NULL,
    matched boolean NOT NULL,
    value   uuid
);
CREATE UNLOGGED TABLE IF NOT EXISTS public._gm_customers_user_id_progress (   -- not logged either: no publication of all tables has it
    round   int NOT NULL,
    passes  int NOT NULL,
    page    bigint NOT NULL,   -- swept up to here
    pages   bigint NOT NULL,   -- of so many
    filled  bigint NOT NULL,
    changed timestamptz NOT NULL
);

DO $backfill$
#variable_conflict use_column
DECLARE
    gm_name  CONSTANT text := 'customers.user_id';
    gm_group CONSTANT bigint := 512;   -- pages: 4 MB
    gm_rest  CONSTANT float8 := 0;     -- pause after a batch, as a part of its time: 0.5 rests half as long as it worked
    gm_step  bigint := 64;             -- pages in a batch: adapts
    gm_idle  int := 0;                 -- rounds, one after the other, that filled nothing
    gm_state record;                   -- the row of progress
    gm_before bigint;
    gm_first bigint;
    gm_next  bigint;
    gm_end   bigint;
    gm_began timestamptz;
    gm_told  timestamptz := clock_timestamp();
    gm_ms    float8;
    gm_rows  bigint;
    gm_count bigint;
    gm_null  bigint;
    gm_fillable  bigint;
    gm_unmatched bigint := 0;
    gm_unmatched_before bigint;
    gm_done  bigint := 0;              -- rows created, or deleted, in the last round
    gm_tid   tid;
    gm_last  tid;
    gm_each  record;
    gm_text  text;
    gm_stops text := '';
    gm_shown text := '';
    gm_hints text := '';
BEGIN
    INSERT INTO public._gm_customers_user_id_progress SELECT 0, 12, 0, 0, 0, clock_timestamp() WHERE NOT EXISTS (SELECT FROM public._gm_customers_user_id_progress);
    LOOP
        SELECT * INTO gm_state FROM public._gm_customers_user_id_progress;
        IF gm_state.page >= gm_state.pages OR NOT EXISTS (SELECT FROM public._gm_customers_user_id_side) THEN
            -- 1. Looked up anew. (A crash of the server empties the side table as well: it is not logged.)
            EXIT WHEN NOT EXISTS (SELECT FROM public.customers AS customers WHERE customers.user_id IS NULL);
            ANALYZE (SKIP_LOCKED) public.customers (user_id);  -- how many are NULL: the join is planned by it
            COMMIT;
            SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;  -- what is counted below are the rows found here
            SELECT count(*) INTO gm_rows FROM public.customers AS customers WHERE customers.user_id IS NULL;
            -- Few rows on many pages need no passes.
            gm_state.passes := CASE WHEN gm_rows < gm_state.pages THEN 1 ELSE 12 END;
BEGIN
                DROP TABLE public._gm_customers_user_id_side;
                CREATE UNLOGGED TABLE public._gm_customers_user_id_side AS  -- and not INSERT: this may use several processes
                SELECT gm_spot.spot[1]::bigint % gm_state.passes * 4294967296 + gm_spot.spot[0]::bigint AS place,
                       customers.ctid AS tid, customers.xmin AS version,
                       users.tableoid IS NOT NULL AS matched,
                       CASE WHEN users.tableoid IS NOT NULL THEN (users.id) END AS value
                FROM public.customers AS customers
                LEFT JOIN public.users AS users ON (customers.email = users.email)
                CROSS JOIN LATERAL (SELECT customers.ctid::text::point AS spot OFFSET 0) AS gm_spot  -- (page, number in it)
                WHERE customers.user_id IS NULL;
                -- Nothing to do where it is the column's type already; else what does not fit is found here.
                ALTER TABLE public._gm_customers_user_id_side ALTER COLUMN value TYPE uuid;
            EXCEPTION WHEN data_exception THEN
                -- Some value cannot be read as the expression wants it: found again row by row, for the message.
                GET STACKED DIAGNOSTICS gm_text = MESSAGE_TEXT;
                gm_count := 0;
                FOR gm_each IN
                    SELECT customers.ctid AS tid, (SELECT row_to_json(gm_line) FROM (SELECT customers.id, customers.email) AS gm_line)::text AS shown
                    FROM public.customers AS customers WHERE customers.user_id IS NULL
                LOOP
                    BEGIN
                        PERFORM (customers.email = users.email), (users.id)
                        FROM public.customers AS customers, (SELECT * FROM public.users LIMIT 1) AS users
                        WHERE customers.ctid = gm_each.tid;
                    EXCEPTION WHEN data_exception THEN
                        gm_shown := gm_shown || E'\n    ' || gm_each.shown;
                        gm_count := gm_count + 1;
                    END;
                    EXIT WHEN gm_count >= 10;
                END LOOP;
                RAISE EXCEPTION '% cannot be filled: %', gm_name, gm_text USING
                    ERRCODE = 'data_exception',
                    DETAIL = 'Rows at which it fails (up to ten):' || gm_shown,
                    HINT = 'Correct these rows, or write the expression so that it gives NULL for them. Nothing was changed.';
            END;
            ANALYZE public._gm_customers_user_id_side;

            SELECT count(*), count(*) FILTER (WHERE NOT matched), count(*) FILTER (WHERE matched AND value IS NULL), count(value)
            INTO gm_count, gm_unmatched, gm_null, gm_fillable FROM public._gm_customers_user_id_side;
            RAISE NOTICE '%: % rows without a value, % of them without a match', gm_name, gm_rows, gm_unmatched;
            IF gm_count > gm_rows THEN
                SELECT count(*) INTO gm_count FROM (SELECT FROM public._gm_customers_user_id_side GROUP BY tid HAVING count(*) > 1) AS gm_many;
                SELECT coalesce(string_agg(E'\n    ' || gm_ten.shown, ''), '') INTO gm_text
                FROM (SELECT DISTINCT (SELECT row_to_json(gm_line) FROM (SELECT customers.id, customers.email) AS gm_line)::text AS shown FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.ctid = gm_side.tid AND customers.xmin = gm_side.version WHERE gm_side.tid IN (SELECT tid FROM public._gm_customers_user_id_side GROUP BY tid HAVING count(*) > 1) LIMIT 10) AS gm_ten;
                gm_stops := gm_stops || ', ' || gm_count || ' ambiguous';
                gm_shown := gm_shown || E'\n' || gm_count || ' match more than one row of users:' || gm_text;
            END IF;

            IF gm_unmatched > 0 THEN
                SELECT coalesce(string_agg(E'\n    ' || gm_ten.shown, ''), '') INTO gm_text
                FROM (SELECT DISTINCT (SELECT row_to_json(gm_line) FROM (SELECT customers.id, customers.email) AS gm_line)::text AS shown FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.ctid = gm_side.tid AND customers.xmin = gm_side.version WHERE NOT gm_side.matched LIMIT 10) AS gm_ten;
                gm_shown := gm_shown || E'\n' || gm_unmatched || ' match no row of users:' || gm_text;
                SELECT count(DISTINCT gm_side.tid) INTO gm_count FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.ctid = gm_side.tid AND customers.xmin = gm_side.version
                JOIN public.users AS users ON (lower(trim(customers.email)) = lower(trim(users.email))) WHERE NOT gm_side.matched;
                IF gm_count > 0 THEN
                    SELECT coalesce(string_agg(E'\n    ' || gm_ten.shown, ''), '') INTO gm_text
                    FROM (SELECT DISTINCT (SELECT row_to_json(gm_line) FROM (SELECT customers.id, customers.email) AS gm_line)::text AS shown FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.ctid = gm_side.tid AND customers.xmin = gm_side.version JOIN public.users AS users ON (lower(trim(customers.email)) = lower(trim(users.email))) WHERE NOT gm_side.matched LIMIT 10) AS gm_ten;
                    gm_shown := gm_shown || E'\n' || gm_count || ' of them would match but for upper case and blanks:' || gm_text;
                    gm_hints := gm_hints || '
To match those as well, write into the answers file:
    [backfill."customers.user_id"]
    match = ''lower(trim(customers.email)) = lower(trim(users.email))''';
                END IF;
                SELECT count(*) INTO gm_count FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.ctid = gm_side.tid AND customers.xmin = gm_side.version WHERE NOT gm_side.matched AND (customers.email IS NULL OR trim(customers.email) = '');
                IF gm_count > 0 THEN
                    gm_shown := gm_shown || E'\n' || gm_count || ' of them have nothing to match by: NULL or blank.';
                END IF;
                gm_stops := gm_stops || ', ' || gm_unmatched || ' without a match';
                gm_hints := gm_hints || '
The answers file can also say what to do with rows that have no match:
    [backfill."customers.user_id"]
    unmatched = "create" or "delete"';
            END IF;

            IF gm_null > 0 THEN
                SELECT coalesce(string_agg(E'\n    ' || gm_ten.shown, ''), '') INTO gm_text
                FROM (SELECT DISTINCT (SELECT row_to_json(gm_line) FROM (SELECT customers.id, customers.email) AS gm_line)::text AS shown FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.ctid = gm_side.tid AND customers.xmin = gm_side.version WHERE gm_side.matched AND gm_side.value IS NULL LIMIT 10) AS gm_ten;
                gm_stops := gm_stops || ', ' || gm_null || ' for which the value is NULL';
                gm_shown := gm_shown || E'\n' || gm_null || ' lead to NULL, and the column is required:' || gm_text;
            END IF;

            SELECT count(*) INTO gm_count FROM (SELECT value FROM public._gm_customers_user_id_side WHERE value IS NOT NULL GROUP BY value HAVING count(*) > 1) AS gm_twice;
            gm_count := gm_count + (SELECT count(*) FROM (SELECT customers.user_id FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.user_id = gm_side.value WHERE customers.user_id IS NOT NULL) AS gm_taken);
            IF gm_count > 0 THEN
                SELECT coalesce(string_agg(E'\n    ' || gm_ten.shown, ''), '') INTO gm_text
                FROM (SELECT DISTINCT (SELECT row_to_json(gm_line) FROM (SELECT customers.id, customers.email) AS gm_line)::text AS shown FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.ctid = gm_side.tid AND customers.xmin = gm_side.version WHERE gm_side.value IN (SELECT value FROM public._gm_customers_user_id_side WHERE value IS NOT NULL GROUP BY value HAVING count(*) > 1) OR gm_side.value IN (SELECT customers.user_id FROM public.customers AS customers JOIN public._gm_customers_user_id_side AS gm_side ON customers.user_id = gm_side.value WHERE customers.user_id IS NOT NULL) LIMIT 10) AS gm_ten;
                gm_stops := gm_stops || ', ' || gm_count || ' values for more than one row';
                gm_shown := gm_shown || E'\n' || gm_count || ' values are led to by more than one row, and the column is unique:' || gm_text;
                gm_hints := gm_hints || E'\nMerge or delete all but one of the rows that lead to the same value.';
            END IF;

            IF gm_stops <> '' THEN
                RAISE EXCEPTION '% cannot be filled: of % rows,%', gm_name, gm_rows, substr(gm_stops, 2) USING
                    ERRCODE = 'integrity_constraint_violation',
                    DETAIL = ltrim(gm_shown, E'\n'),
                    HINT = 'Nothing was changed. Correct the rows and run this again.' || gm_hints;
            END IF;
            EXIT WHEN gm_fillable = 0;  -- what is left stays so

            CREATE INDEX _gm_customers_user_id_place ON public._gm_customers_user_id_side (place);
            UPDATE public._gm_customers_user_id_progress SET round = round + 1, passes = gm_state.passes, page = 0, changed = clock_timestamp(),
                pages = pg_relation_size('public.customers'::regclass) / current_setting('block_size')::bigint
            RETURNING * INTO gm_state;
            COMMIT;
        END IF;

        -- 2. The sweep.
        gm_before := gm_state.filled;
        WHILE gm_state.page < gm_state.pages LOOP
            gm_end := least(gm_state.page + gm_group, gm_state.pages);
            FOR gm_pass IN 0 .. gm_state.passes - 1 LOOP
                gm_next := gm_state.page;
                LOOP
                    gm_began := clock_timestamp();
                    SELECT min(place) INTO gm_first FROM public._gm_customers_user_id_side
                    WHERE place >= gm_pass * 4294967296 + gm_next AND place < gm_pass * 4294967296 + gm_end;
                    EXIT WHEN gm_first IS NULL;
                    gm_first := gm_first - gm_pass * 4294967296;
                    gm_next := least(gm_first + gm_step, gm_end);
                    BEGIN
                        -- Gives way before the server looks for a deadlock (after 1 s): the victim is never the application.
                        PERFORM set_config('lock_timeout', '100ms', true),
                                set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true);
                        -- Reading the pages clears away what the pass before left dead there; finding rows by ctid does not.
                        PERFORM count(*) FROM public.customers AS gm_page
                        WHERE gm_page.ctid >= format('(%s,0)', gm_first)::tid AND gm_page.ctid < format('(%s,0)', gm_next)::tid;
                        UPDATE public.customers AS customers SET user_id = gm_side.value
                        FROM public._gm_customers_user_id_side AS gm_side
                        WHERE gm_side.place >= gm_pass * 4294967296 + gm_first AND gm_side.place < gm_pass * 4294967296 + gm_next
                          AND customers.ctid = gm_side.tid AND customers.xmin = gm_side.version
                          AND customers.user_id IS NULL AND gm_side.value IS NOT NULL;
                        GET DIAGNOSTICS gm_count = ROW_COUNT;
                        UPDATE public._gm_customers_user_id_progress SET filled = filled + gm_count, changed = clock_timestamp();
                    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
                        gm_count := NULL;  -- the next round brings these rows again
                    END;
                    COMMIT;
                    gm_ms := extract(epoch FROM clock_timestamp() - gm_began) * 1000;
                    gm_step := CASE
                        WHEN gm_count IS NULL THEN greatest(gm_step / 4, 1)
                        WHEN gm_ms > 25 OR gm_count > 1000
                            THEN greatest((gm_step * least(25 / gm_ms, 1000.0 / greatest(gm_count, 1)))::bigint, 1)
                        WHEN gm_ms < 12 AND gm_count < 500 THEN least(gm_step * 2, gm_group)
                        ELSE gm_step END;
                    IF gm_rest > 0 THEN
                        PERFORM pg_sleep(gm_rest * gm_ms / 1000);
                    END IF;
                END LOOP;
            END LOOP;
            UPDATE public._gm_customers_user_id_progress SET page = gm_end RETURNING * INTO gm_state;
            COMMIT;
            IF clock_timestamp() > gm_told + interval '5 s' THEN
                RAISE NOTICE '%: round %, page % of %, % rows filled',
                    gm_name, gm_state.round, gm_state.page, gm_state.pages, gm_state.filled;
                gm_told := clock_timestamp();
            END IF;
        END LOOP;

        -- 3. What changed or was locked meanwhile comes in the next round. Locked again and again: wait, then give up.
        gm_idle := CASE WHEN gm_state.filled > gm_before OR gm_done > 0 THEN 0 ELSE gm_idle + 1 END;
        IF gm_idle >= 20 THEN
            RAISE EXCEPTION '%: the last rows are locked by other sessions', gm_name USING
                ERRCODE = 'lock_not_available',
                HINT = 'Look for old transactions in pg_stat_activity and pg_prepared_xacts, then run this again: it goes on.';
        END IF;
        PERFORM pg_sleep(0.2 * gm_idle);
    END LOOP;
    RAISE NOTICE '%: % rows filled', gm_name, gm_state.filled;
END
$backfill$;

DO $gate$
DECLARE
    gm_count bigint;
    gm_text  text;
BEGIN
    PERFORM set_config('search_path', 'pg_catalog, public, pg_temp', true), set_config('row_security', 'off', true);
    SELECT count(*) INTO gm_count FROM public.customers AS customers WHERE customers.user_id IS NULL;
    IF gm_count > 0 THEN
        SELECT string_agg(E'\n    ' || gm_ten.shown, '') INTO gm_text FROM (
            SELECT (SELECT row_to_json(gm_line) FROM (SELECT customers.id, customers.email) AS gm_line)::text AS shown FROM public.customers AS customers WHERE customers.user_id IS NULL LIMIT 10
        ) AS gm_ten;
        RAISE EXCEPTION '%: % rows have no value', 'customers.user_id', gm_count USING
            ERRCODE = 'integrity_constraint_violation', DETAIL = 'Some of them:' || gm_text,
            HINT = 'They were written since the back-fill. Run the backfill stage again: it fills them, or says why it cannot.';
    END IF;
END
$gate$;
ANALYZE (SKIP_LOCKED) public.customers (user_id);

DROP TABLE public._gm_customers_user_id_side, public._gm_customers_user_id_progress;
DO $one$
BEGIN
    PERFORM pg_advisory_unlock(hashtextextended('gen-migration public.customers.user_id', 0));
END
$one$;
RESET row_security;
RESET synchronous_commit;
RESET work_mem;
RESET jit;
SET search_path = '';
    PERFORM set_config('search_path', gm_path, false);
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
