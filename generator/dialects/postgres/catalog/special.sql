-- What makes a table more than a plain one: its type, partitioning, inheritance, foreign server.
SELECT c.oid::int8,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       pg_get_expr(c.relpartbound, c.oid), pg_get_partition_constraintdef(c.oid),
       ARRAY(SELECT i.inhparent::int8 FROM pg_inherits AS i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
       ARRAY(SELECT a.attname::text FROM pg_attribute AS a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attislocal),
       v.srvname, f.ftoptions
FROM pg_class AS c
LEFT JOIN pg_foreign_table AS f ON f.ftrelid = c.oid
LEFT JOIN pg_foreign_server AS v ON v.oid = f.ftserver
WHERE c.relkind IN ('p', 'f')
   OR (c.relkind = 'r' AND (c.reloftype <> 0 OR EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid)))
