-- Foreign tables that are no partitions, with their columns, checks and options.
SELECT 'foreign table', c.oid::regclass::text,
       format('CREATE FOREIGN TABLE %s (%s) SERVER %I%s', c.oid::regclass,
           coalesce((
               SELECT E'\n    ' || string_agg(line, E',\n    ' ORDER BY place, line) || E'\n' FROM (
                   SELECT a.attnum::int, concat(quote_ident(a.attname), ' ', format_type(a.atttypid, a.atttypmod),
                              (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                                                 ORDER BY o.option_name) || ')'
                               FROM pg_options_to_table(a.attfdwoptions) AS o),
                              CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0
                                   THEN ' COLLATE ' || a.attcollation::regcollation END,
                              CASE WHEN a.attgenerated <> ''
                                   THEN format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(v.adbin, v.adrelid),
                                               CASE a.attgenerated WHEN 's' THEN 'STORED' ELSE 'VIRTUAL' END)
                                   ELSE ' DEFAULT ' || pg_get_expr(v.adbin, v.adrelid) END,
                              CASE WHEN a.attnotnull THEN ' NOT NULL' END)
                   FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
                   LEFT JOIN pg_attrdef AS v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
                   WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                   UNION ALL
                   SELECT 10000, format('CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid))
                   FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'c') AS inside (place, line)), ''),
           s.srvname,
           (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                              ORDER BY o.option_name) || ')'
            FROM pg_options_to_table(f.ftoptions) AS o)),
       n.nspname, c.relname
FROM pg_foreign_table AS f JOIN pg_class AS c ON c.oid = f.ftrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_foreign_server AS s ON s.oid = f.ftserver
WHERE NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = c.oid)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
