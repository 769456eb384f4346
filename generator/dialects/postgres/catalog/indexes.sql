-- Indexes that no constraint owns, on tables and materialised views. The body is pg_get_indexdef's text after the
-- table's name.
SELECT i.indrelid::int8, n.nspname, c.relname, c.relkind::text, x.oid::int8, x.relname, i.indisunique,
       substr(pg_get_indexdef(i.indexrelid), 1 + length(format('CREATE %sINDEX %I ON %s%s ',
           CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, x.relname,
           CASE WHEN x.relkind = 'I' THEN 'ONLY ' ELSE '' END, c.oid::regclass))),
       i.indkey::int2[], i.indisvalid, d.description, s.spcname, i.indisclustered, i.indisreplident,
       CASE WHEN x.relispartition THEN (
           SELECT above.relname FROM pg_inherits AS h JOIN pg_class AS above ON above.oid = h.inhparent
           WHERE h.inhrelid = i.indexrelid
       ) END
FROM pg_index AS i
JOIN pg_class AS x ON x.oid = i.indexrelid
JOIN pg_class AS c ON c.oid = i.indrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_constraint AS k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
LEFT JOIN pg_tablespace AS s ON s.oid = x.reltablespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = x.oid AND d.objsubid = 0
WHERE k.oid IS NULL
  AND c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
