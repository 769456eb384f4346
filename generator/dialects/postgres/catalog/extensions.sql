-- Installed extensions. A comment that is the control file's own came with CREATE EXTENSION and is left out.
SELECT x.extname, n.nspname, x.extversion, coalesce(x.extversion = a.default_version, false),
       CASE WHEN d.description IS DISTINCT FROM a.comment THEN d.description END
FROM pg_extension AS x
JOIN pg_namespace AS n ON n.oid = x.extnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_extension'::regclass AND d.objoid = x.oid AND d.objsubid = 0
LEFT JOIN pg_available_extensions() AS a ON a.name = x.extname
WHERE x.extname <> 'plpgsql'
