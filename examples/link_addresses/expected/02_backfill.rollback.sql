-- 02_backfill.rollback.sql: undoes 02_backfill.sql, on PostgreSQL 18
--
-- Roll back the later stages first. Run it again after any interruption: what is undone is skipped.
--     psql -X -v ON_ERROR_STOP=1 -f 02_backfill.rollback.sql
--
-- Nothing is lost by it.

SET search_path = '';
SET lock_timeout = 0;
SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = '10s';
SET client_min_messages = notice;

-- 1 of 1 ----------------------------------------------------------------------
-- Undo: Fill sign_ins.address_id from addresses in batches.
DROP TABLE IF EXISTS public._gm_sign_ins_address_id_side, public._gm_sign_ins_address_id_progress;
