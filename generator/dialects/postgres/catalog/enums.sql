-- Enums with their values in order.
SELECT t.oid::int8, n.nspname, t.typname,
       ARRAY(SELECT v.enumlabel::text FROM pg_enum AS v WHERE v.enumtypid = t.oid ORDER BY v.enumsortorder),
       d.description
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_type'::regclass AND d.objoid = t.oid AND d.objsubid = 0
WHERE t.typtype = 'e' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
