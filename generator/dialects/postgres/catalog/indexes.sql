-- Indexes that no constraint owns, on tables and materialised views. The body is pg_get_indexdef's text after the
-- table's name. Its columns: those of the key in their order, then those that only expressions or the predicate use.
SELECT i.indrelid::int8, n.nspname, c.relname, c.relkind::text, x.relname, i.indisunique,
       substr(pg_get_indexdef(i.indexrelid), 1 + length(format('CREATE %sINDEX %I ON %s%s ',
           CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, x.relname,
           CASE WHEN x.relkind = 'I' THEN 'ONLY ' ELSE '' END, c.oid::regclass))),
       ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY AS u (number, place)
             JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = u.number
             GROUP BY a.attname ORDER BY min(u.place)),
       CASE WHEN i.indexprs IS NOT NULL OR i.indpred IS NOT NULL THEN
           ARRAY(SELECT DISTINCT a.attname::text FROM pg_depend AS p
                 JOIN pg_attribute AS a ON a.attrelid = p.refobjid AND a.attnum = p.refobjsubid
                 WHERE p.classid = 'pg_class'::regclass AND p.objid = i.indexrelid
                   AND p.refclassid = 'pg_class'::regclass AND p.refobjid = i.indrelid AND p.refobjsubid > 0)
       END,
       i.indisvalid, d.description, s.spcname, i.indisclustered, i.indisreplident,
       CASE WHEN i.indexprs IS NOT NULL THEN (
           SELECT string_agg(format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', x.oid::regclass, a.attnum,
                             a.attstattarget), E';\n' ORDER BY a.attnum)
           FROM pg_attribute AS a WHERE a.attrelid = x.oid AND a.attstattarget >= 0
       ) END,
       (SELECT h.inhparent::regclass::text FROM pg_inherits AS h WHERE h.inhrelid = i.indexrelid)
FROM pg_index AS i
JOIN pg_class AS x ON x.oid = i.indexrelid
JOIN pg_class AS c ON c.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_tablespace AS s ON s.oid = x.reltablespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'm')
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_constraint AS k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
  )
