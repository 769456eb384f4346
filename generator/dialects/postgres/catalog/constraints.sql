-- Constraints of tables. What a partition or a table that inherits has from above says so in its last field: the name
-- of the constraint above. A foreign key's rows for the partitions that it refers to are the server's own affair, and of
-- NOT NULL (since PostgreSQL 18) only what attnotnull does not say. The index behind a constraint has properties which
-- pg_get_constraintdef leaves out.
SELECT k.conrelid::int8, k.conname, k.contype::text, pg_get_constraintdef(k.oid), k.conkey,
       k.confrelid::int8, fn.nspname, f.relname, k.confkey, k.confdeltype::text, k.confupdtype::text,
       k.conindid::int8, d.description, x.reloptions, s.spcname, i.indisclustered, i.indisreplident,
       CASE WHEN k.conparentid <> 0 THEN p.conname WHEN k.contype = 'c' AND k.coninhcount > 0 THEN k.conname END
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_constraint AS p ON p.oid = k.conparentid
LEFT JOIN pg_class AS f ON f.oid = k.confrelid
LEFT JOIN pg_namespace AS fn ON fn.oid = f.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class AS x ON x.oid = i.indexrelid
LEFT JOIN pg_tablespace AS s ON s.oid = x.reltablespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid AND d.objsubid = 0
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x', 'n')
  AND NOT (k.contype = 'f' AND k.conparentid <> 0 AND p.conrelid = k.conrelid)
  AND NOT (k.contype = 'n' AND k.convalidated AND NOT k.connoinherit)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
