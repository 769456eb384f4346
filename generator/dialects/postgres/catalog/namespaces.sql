-- Namespaces (PostgreSQL's schemas), without the server's own.
-- The comment with which every database is born is none of the user's.
SELECT n.oid::int8, n.nspname,
       CASE WHEN n.nspname = 'public' THEN nullif(d.description, 'standard public schema') ELSE d.description END
FROM pg_namespace AS n
LEFT JOIN pg_description AS d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
