-- Views and materialised views, with options, and the defaults that a view's columns can have.
SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
       c.oid::regclass::text,
       format('CREATE %s %s%s%s%s AS%s',
           CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END,
           c.oid::regclass,
           (SELECT ' USING ' || quote_ident(m.amname) FROM pg_am AS m WHERE m.oid = c.relam AND m.amname <> 'heap'),
           (SELECT format(' WITH (%s)', string_agg(format('%s=%L', o.option_name, o.option_value), ', '
                                                   ORDER BY o.option_name))
            FROM (SELECT option_name, option_value FROM pg_options_to_table(c.reloptions)
                  UNION ALL
                  SELECT 'toast.' || p.option_name, p.option_value
                  FROM pg_class AS x, pg_options_to_table(x.reloptions) AS p WHERE x.oid = c.reltoastrelid) AS o
            HAVING count(*) > 0),
           (SELECT ' TABLESPACE ' || quote_ident(s.spcname) FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
           E'\n' || rtrim(pg_get_viewdef(c.oid), ';'))
       || coalesce((
           SELECT string_agg(format(E';\nALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s', c.oid::regclass, a.attname,
                             pg_get_expr(v.adbin, v.adrelid)), '' ORDER BY a.attname)
           FROM pg_attrdef AS v JOIN pg_attribute AS a ON a.attrelid = v.adrelid AND a.attnum = v.adnum
           WHERE v.adrelid = c.oid), ''),
       NULL::text, NULL::text
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('v', 'm')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
UNION ALL
-- Settings of a materialized view's columns, in the words of those of a table's. After the name of a storage stands the
-- one that the type gives.
SELECT s.kind, format('%s.%s.%s', n.nspname, c.relname, a.attname) || CASE WHEN s.kind = 'column storage'
           THEN E'\n' || CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN'
                                          ELSE 'EXTENDED' END ELSE '' END,
       format('ALTER TABLE %s ALTER COLUMN %I SET %s', c.oid::regclass, a.attname, s.what), n.nspname, c.relname
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid,
LATERAL (
    VALUES ('column storage', CASE WHEN a.attstorage <> t.typstorage THEN 'STORAGE ' || CASE a.attstorage
                WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END),
           ('column compression', CASE a.attcompression WHEN 'p' THEN 'COMPRESSION pglz'
                WHEN 'l' THEN 'COMPRESSION lz4' END),
           ('column statistics', CASE WHEN a.attstattarget >= 0 THEN 'STATISTICS ' || a.attstattarget END),
           ('column options', (SELECT '(' || string_agg(format('%s=%L', o.option_name, o.option_value), ', '
                                                        ORDER BY o.option_name) || ')'
                               FROM pg_options_to_table(a.attoptions) AS o))
) AS s (kind, what)
WHERE c.relkind = 'm' AND s.what IS NOT NULL AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
