-- Constraints of tables. A foreign key's rows for single partitions (conparentid) are the server's own affair.
-- The index behind a constraint has properties which pg_get_constraintdef leaves out; they come last.
SELECT k.conrelid::int8, k.conname, k.contype::text, pg_get_constraintdef(k.oid), k.convalidated,
       ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u (number, place)
             JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place),
       CASE WHEN k.contype = 'f' THEN fn.nspname END,
       CASE WHEN k.contype = 'f' THEN f.relname END,
       CASE WHEN k.contype = 'f' THEN
           ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u (number, place)
                 JOIN pg_attribute AS a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place)
       END,
       k.confdeltype::text, k.confupdtype::text,
       CASE WHEN k.contype = 'x' THEN
           ARRAY(SELECT a.attname::text FROM pg_depend AS p
                 JOIN pg_attribute AS a ON a.attrelid = p.refobjid AND a.attnum = p.refobjsubid
                 WHERE p.classid = 'pg_class'::regclass AND p.objid = k.conindid
                   AND p.refclassid = 'pg_class'::regclass AND p.refobjid = k.conrelid AND p.refobjsubid > 0
                 ORDER BY a.attname)
       END,
       d.description,
       x.reloptions, s.spcname, i.indisclustered, i.indisreplident
FROM pg_constraint AS k
JOIN pg_class AS c ON c.oid = k.conrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_class AS f ON f.oid = k.confrelid
LEFT JOIN pg_namespace AS fn ON fn.oid = f.relnamespace
LEFT JOIN pg_index AS i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_class AS x ON x.oid = i.indexrelid
LEFT JOIN pg_tablespace AS s ON s.oid = x.reltablespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid AND d.objsubid = 0
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x', 'n')
  AND NOT (k.contype = 'f' AND k.conparentid <> 0)
  AND NOT (k.contype = 'n' AND k.convalidated AND NOT k.connoinherit)
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
