-- What hangs on what, of all that is known by its definition: kind and name of the one that hangs, then of the one that
-- it hangs on, in the words of others/. What is part of a table (a default, a constraint, an index) is named as the
-- server describes it, with the kind "part of a table".
WITH edge AS (
    SELECT DISTINCT d.classid, d.objid, d.refclassid, d.refobjid
    FROM pg_depend AS d
    WHERE d.refobjid >= 16384 AND d.deptype IN ('n', 'a', 'i')
      AND d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass,
                           'pg_ts_config'::regclass, 'pg_ts_dict'::regclass, 'pg_ts_parser'::regclass,
                           'pg_ts_template'::regclass, 'pg_foreign_server'::regclass, 'pg_language'::regclass,
                           'pg_foreign_data_wrapper'::regclass, 'pg_am'::regclass, 'pg_cast'::regclass)
      AND NOT (d.classid = 'pg_class'::regclass
               AND EXISTS (SELECT FROM pg_class AS c WHERE c.oid = d.objid AND c.relkind = 't'))
      AND (d.refclassid <> 'pg_class'::regclass
           OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = d.refobjid AND c.relkind IN ('v', 'm', 'f')))
      AND (d.refclassid <> 'pg_type'::regclass
           OR EXISTS (SELECT FROM pg_type AS t JOIN pg_class AS c ON c.oid = t.typrelid
                      WHERE t.oid = d.refobjid AND c.relkind IN ('v', 'm', 'f')))
), thing AS (
    SELECT classid, objid FROM edge UNION SELECT refclassid, refobjid FROM edge
), named AS MATERIALIZED (
    SELECT t.classid, t.objid, n.kind, n.name
    FROM thing AS t, LATERAL (
        SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' END,
               c.oid::regclass::text
        FROM pg_class AS c WHERE t.classid = 'pg_class'::regclass AND c.oid = t.objid AND c.relkind IN ('v', 'm', 'f')
        UNION ALL
        SELECT 'index', c.oid::regclass::text
        FROM pg_class AS c JOIN pg_index AS i ON i.indexrelid = c.oid JOIN pg_class AS m ON m.oid = i.indrelid
        WHERE t.classid = 'pg_class'::regclass AND c.oid = t.objid AND m.relkind = 'm'
        UNION ALL
        SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
               c.oid::regclass::text
        FROM pg_type AS y JOIN pg_class AS c ON c.oid = y.typrelid
        WHERE t.classid = 'pg_type'::regclass AND y.oid = t.objid AND c.relkind IN ('v', 'm', 'f')
        UNION ALL
        SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
               p.oid::regprocedure::text
        FROM pg_proc AS p WHERE t.classid = 'pg_proc'::regclass AND p.oid = t.objid
        UNION ALL
        SELECT CASE WHEN w.rulename <> '_RETURN' THEN 'rule' WHEN c.relkind = 'm' THEN 'materialized view' ELSE 'view'
               END,
               CASE WHEN w.rulename <> '_RETURN' THEN format('%s on %s', w.rulename, c.oid::regclass)
                    ELSE c.oid::regclass::text END
        FROM pg_rewrite AS w JOIN pg_class AS c ON c.oid = w.ev_class
        WHERE t.classid = 'pg_rewrite'::regclass AND w.oid = t.objid
        UNION ALL
        SELECT 'trigger', format('%s on %s', g.tgname, g.tgrelid::regclass)
        FROM pg_trigger AS g WHERE t.classid = 'pg_trigger'::regclass AND g.oid = t.objid
        UNION ALL
        SELECT 'policy', format('%s on %s', p.polname, p.polrelid::regclass)
        FROM pg_policy AS p WHERE t.classid = 'pg_policy'::regclass AND p.oid = t.objid
        UNION ALL
        SELECT 'event trigger', e.evtname
        FROM pg_event_trigger AS e WHERE t.classid = 'pg_event_trigger'::regclass AND e.oid = t.objid
        UNION ALL
        SELECT 'statistics', format('%I.%I', n.nspname, s.stxname)
        FROM pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
        WHERE t.classid = 'pg_statistic_ext'::regclass AND s.oid = t.objid
        UNION ALL
        SELECT 'operator', t.objid::regoperator::text WHERE t.classid = 'pg_operator'::regclass
        UNION ALL
        SELECT 'cast', format('%s as %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL))
        FROM pg_cast AS c WHERE t.classid = 'pg_cast'::regclass AND c.oid = t.objid
        UNION ALL
        SELECT 'text search configuration', format('%I.%I', n.nspname, c.cfgname)
        FROM pg_ts_config AS c JOIN pg_namespace AS n ON n.oid = c.cfgnamespace
        WHERE t.classid = 'pg_ts_config'::regclass AND c.oid = t.objid
        UNION ALL
        SELECT 'text search dictionary', format('%I.%I', n.nspname, d.dictname)
        FROM pg_ts_dict AS d JOIN pg_namespace AS n ON n.oid = d.dictnamespace
        WHERE t.classid = 'pg_ts_dict'::regclass AND d.oid = t.objid
        UNION ALL
        SELECT 'text search parser', format('%I.%I', n.nspname, p.prsname)
        FROM pg_ts_parser AS p JOIN pg_namespace AS n ON n.oid = p.prsnamespace
        WHERE t.classid = 'pg_ts_parser'::regclass AND p.oid = t.objid
        UNION ALL
        SELECT 'text search template', format('%I.%I', n.nspname, p.tmplname)
        FROM pg_ts_template AS p JOIN pg_namespace AS n ON n.oid = p.tmplnamespace
        WHERE t.classid = 'pg_ts_template'::regclass AND p.oid = t.objid
        UNION ALL
        SELECT 'server', s.srvname FROM pg_foreign_server AS s
        WHERE t.classid = 'pg_foreign_server'::regclass AND s.oid = t.objid
        UNION ALL
        SELECT 'foreign-data wrapper', w.fdwname FROM pg_foreign_data_wrapper AS w
        WHERE t.classid = 'pg_foreign_data_wrapper'::regclass AND w.oid = t.objid
        UNION ALL
        SELECT 'language', l.lanname FROM pg_language AS l
        WHERE t.classid = 'pg_language'::regclass AND l.oid = t.objid
        UNION ALL
        SELECT 'access method', m.amname FROM pg_am AS m
        WHERE t.classid = 'pg_am'::regclass AND m.oid = t.objid
    ) AS n (kind, name)
)
SELECT DISTINCT coalesce(h.kind, 'part of a table'), coalesce(h.name, pg_describe_object(e.classid, e.objid, 0)),
       o.kind, o.name
FROM edge AS e
JOIN named AS o ON (o.classid, o.objid) = (e.refclassid, e.refobjid)
LEFT JOIN named AS h ON (h.classid, h.objid) = (e.classid, e.objid)
WHERE (h.kind, h.name) IS DISTINCT FROM (o.kind, o.name)
  AND NOT (e.classid = 'pg_type'::regclass AND h.kind IS NULL)
  AND NOT (e.classid = 'pg_foreign_table'::regclass)
  -- What is said of the relation with its definition, and its TOAST table.
  AND NOT (e.classid = 'pg_attrdef'::regclass AND EXISTS (
      SELECT FROM pg_attrdef AS a WHERE a.oid = e.objid AND e.refclassid = 'pg_class'::regclass
                                    AND a.adrelid = e.refobjid))
  AND NOT (e.classid = 'pg_constraint'::regclass AND EXISTS (
      SELECT FROM pg_constraint AS k WHERE k.oid = e.objid AND e.refclassid = 'pg_class'::regclass
                                       AND k.conrelid = e.refobjid))
  AND NOT (e.classid = 'pg_class'::regclass AND EXISTS (
      SELECT FROM pg_class AS c WHERE c.oid = e.objid AND c.relkind = 't'))
