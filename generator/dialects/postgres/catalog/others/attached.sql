-- What hangs on a table or view: triggers (their state too), rules, policies, extended statistics.
WITH relation AS NOT MATERIALIZED (
    SELECT c.oid, n.nspname, c.relname
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
)
SELECT 'trigger', format('%s on %s', t.tgname, r.oid::regclass),
       pg_get_triggerdef(t.oid) || CASE t.tgenabled
           WHEN 'D' THEN format(E';\nALTER TABLE %s DISABLE TRIGGER %I', r.oid::regclass, t.tgname)
           WHEN 'R' THEN format(E';\nALTER TABLE %s ENABLE REPLICA TRIGGER %I', r.oid::regclass, t.tgname)
           WHEN 'A' THEN format(E';\nALTER TABLE %s ENABLE ALWAYS TRIGGER %I', r.oid::regclass, t.tgname)
           ELSE '' END,
       r.nspname, r.relname
FROM pg_trigger AS t JOIN relation AS r ON r.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgparentid = 0
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
UNION ALL
-- The triggers behind a foreign key, switched off (or a partition's copy of a trigger, switched on its own).
SELECT 'trigger state', format('%s on %s', coalesce(k.conname, t.tgname), r.oid::regclass),
       format('%s: %s', CASE t.tgenabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'REPLICA' WHEN 'A' THEN 'ALWAYS'
              ELSE 'ENABLED' END, string_agg(t.tgfoid::regproc::text, ', ' ORDER BY t.tgfoid::regproc::text)),
       r.nspname, r.relname
FROM pg_trigger AS t JOIN relation AS r ON r.oid = t.tgrelid
LEFT JOIN pg_constraint AS k ON k.oid = t.tgconstraint
LEFT JOIN pg_trigger AS o ON o.oid = t.tgparentid
WHERE (t.tgisinternal AND t.tgparentid = 0 AND t.tgenabled <> 'O')
   OR (t.tgparentid <> 0 AND t.tgenabled <> o.tgenabled)
GROUP BY r.oid, r.nspname, r.relname, coalesce(k.conname, t.tgname), t.tgenabled
UNION ALL
SELECT 'rule', format('%s on %s', w.rulename, r.oid::regclass),
       rtrim(pg_get_ruledef(w.oid), ';') || CASE w.ev_enabled
           WHEN 'D' THEN format(E';\nALTER TABLE %s DISABLE RULE %I', r.oid::regclass, w.rulename)
           WHEN 'R' THEN format(E';\nALTER TABLE %s ENABLE REPLICA RULE %I', r.oid::regclass, w.rulename)
           WHEN 'A' THEN format(E';\nALTER TABLE %s ENABLE ALWAYS RULE %I', r.oid::regclass, w.rulename)
           ELSE '' END,
       r.nspname, r.relname
FROM pg_rewrite AS w JOIN relation AS r ON r.oid = w.ev_class
WHERE w.rulename <> '_RETURN'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_rewrite'::regclass AND e.objid = w.oid AND e.deptype = 'e'
  )
UNION ALL
SELECT 'policy', format('%s on %s', p.polname, r.oid::regclass),
       format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, r.oid::regclass,
           CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
           CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                ELSE 'ALL' END,
           (SELECT string_agg(CASE WHEN u = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(u)) END, ', '
                              ORDER BY CASE WHEN u = 0 THEN '' ELSE pg_get_userbyid(u) END)
            FROM unnest(p.polroles) AS u),
           format(E'\nUSING (%s)', nullif(pg_get_expr(p.polqual, p.polrelid), '')),
           CASE WHEN p.polwithcheck IS NOT NULL
                THEN format(E'\nWITH CHECK (%s)', pg_get_expr(p.polwithcheck, p.polrelid)) END),
       r.nspname, r.relname
FROM pg_policy AS p JOIN relation AS r ON r.oid = p.polrelid
UNION ALL
SELECT 'statistics', format('%I.%I', n.nspname, s.stxname),
       -- Its columns by name: the server has them in the table's order, which changes when one is made anew.
       replace(pg_get_statisticsobjdef(s.oid), format(' ON %s FROM ', pg_get_statisticsobjdef_columns(s.oid)),
           format(' ON %s FROM ', concat_ws(', ',
               (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) FROM pg_attribute AS a
                WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[])),
               (SELECT string_agg(format('(%s)', e), ', ' ORDER BY e)
                FROM unnest(pg_get_statisticsobjdef_expressions(s.oid)) AS e)))) || CASE WHEN s.stxstattarget >= 0 THEN
           format(E';\nALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname, s.stxstattarget)
           ELSE '' END,
       r.nspname, r.relname
FROM pg_statistic_ext AS s JOIN relation AS r ON r.oid = s.stxrelid JOIN pg_namespace AS n ON n.oid = s.stxnamespace
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e WHERE e.classid = 'pg_statistic_ext'::regclass AND e.objid = s.oid AND e.deptype = 'e'
)
