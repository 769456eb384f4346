-- Installed extensions. A comment that is the control file's own came with CREATE EXTENSION and is left out.
SELECT x.extname, n.nspname, x.extversion,
       CASE WHEN d.description IS DISTINCT FROM (
           SELECT a.comment FROM pg_available_extensions() AS a WHERE a.name = x.extname
       ) THEN d.description END
FROM pg_extension AS x
JOIN pg_namespace AS n ON n.oid = x.extnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_extension'::regclass AND d.objoid = x.oid AND d.objsubid = 0
WHERE x.extname <> 'plpgsql'
