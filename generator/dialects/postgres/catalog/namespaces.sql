-- Namespaces (PostgreSQL's schemas), without the server's own and the extensions'.
-- The comment with which every database is born is none of the user's.
SELECT n.nspname,
       CASE WHEN n.nspname = 'public' THEN nullif(d.description, 'standard public schema') ELSE d.description END
FROM pg_namespace AS n
LEFT JOIN pg_description AS d ON d.classoid = 'pg_namespace'::regclass AND d.objoid = n.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_namespace'::regclass AND e.objid = n.oid AND e.deptype = 'e'
  )
