-- 05_cleanup.rollback.sql: there is no way back from 05_cleanup.sql
DO $no_way_back$
BEGIN
    RAISE EXCEPTION 'there is no way back from 05_cleanup.sql' USING
        DETAIL = 'what members.fullname was before is gone',
        HINT = 'Nothing was changed. Restore from a backup what you need.';
END
$no_way_back$;
