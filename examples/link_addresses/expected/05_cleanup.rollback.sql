-- 05_cleanup.rollback.sql: there is no way back from 05_cleanup.sql
DO $no_way_back$
BEGIN
    RAISE EXCEPTION 'there is no way back from 05_cleanup.sql' USING
        DETAIL = 'which rows were created in addresses is no longer known
the values of sign_ins.address are gone for good',
        HINT = 'Nothing was changed. Restore from a backup what you need.';
END
$no_way_back$;
