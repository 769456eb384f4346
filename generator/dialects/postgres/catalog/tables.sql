-- Plain, partitioned and foreign tables, with those of their properties that are no columns.
SELECT c.oid::int8, n.nspname, c.relname, c.relkind::text, d.description,
       c.relpersistence::text,
       ARRAY(SELECT format('%s=%L', o.option_name, o.option_value) FROM pg_options_to_table(c.reloptions) AS o
             ORDER BY 1),
       ARRAY(SELECT format('toast.%s=%L', o.option_name, o.option_value)
             FROM pg_class AS x, pg_options_to_table(x.reloptions) AS o WHERE x.oid = c.reltoastrelid ORDER BY 1),
       (SELECT s.spcname FROM pg_tablespace AS s WHERE s.oid = c.reltablespace),
       (SELECT m.amname FROM pg_am AS m WHERE m.oid = c.relam AND m.amname <> 'heap'),
       c.relrowsecurity, c.relforcerowsecurity, c.relreplident::text,
       CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       pg_get_expr(c.relpartbound, c.oid),
       ARRAY(SELECT i.inhparent::regclass::text FROM pg_inherits AS i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
       c.relhassubclass AND EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = c.oid),
       CASE WHEN c.relkind = 'f' THEN (
           SELECT format('SERVER %I%s', v.srvname, CASE WHEN f.ftoptions IS NOT NULL THEN ' OPTIONS (' || (
                      SELECT string_agg(format('%I %L', o.option_name, o.option_value), ', ' ORDER BY o.option_name)
                      FROM pg_options_to_table(f.ftoptions) AS o
                  ) || ')' ELSE '' END)
           FROM pg_foreign_table AS f JOIN pg_foreign_server AS v ON v.oid = f.ftserver WHERE f.ftrelid = c.oid
       ) END
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p', 'f')
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
