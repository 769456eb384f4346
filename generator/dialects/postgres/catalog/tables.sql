-- Plain, partitioned and foreign tables, with those of their properties that are no columns.
SELECT c.oid::int8, n.nspname, c.relname, c.relkind::text, d.description, c.relpersistence::text,
       c.reloptions, x.reloptions, s.spcname, nullif(m.amname, 'heap'),
       c.relrowsecurity, c.relforcerowsecurity, c.relreplident::text
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS x ON x.oid = c.reltoastrelid
LEFT JOIN pg_tablespace AS s ON s.oid = c.reltablespace
LEFT JOIN pg_am AS m ON m.oid = c.relam
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
