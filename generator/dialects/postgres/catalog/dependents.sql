-- What hangs on what, among objects that are not the server's own. A view hangs on what its rule hangs on, a generated
-- column by its expression: up to PostgreSQL 14 it is the column itself that does.
SELECT DISTINCT
       CASE WHEN w.rulename = '_RETURN' OR d.classid = 'pg_class'::regclass AND c.relkind IN ('v', 'm') THEN 'view'
            WHEN g.oid IS NOT NULL THEN 'pg_attrdef' ELSE d.classid::regclass::text END,
       (CASE WHEN w.rulename = '_RETURN' THEN w.ev_class ELSE coalesce(g.oid, d.objid) END)::bigint,
       CASE WHEN d.refclassid = 'pg_class'::regclass AND r.relkind IN ('v', 'm') THEN 'view'
            ELSE d.refclassid::regclass::text END,
       d.refobjid::bigint, d.refobjsubid
FROM pg_depend AS d
LEFT JOIN pg_rewrite AS w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
LEFT JOIN pg_class AS c ON c.oid = d.objid
LEFT JOIN pg_class AS r ON r.oid = d.refobjid
LEFT JOIN pg_attrdef AS v ON d.classid = 'pg_attrdef'::regclass AND v.oid = d.objid
LEFT JOIN pg_attrdef AS g ON d.classid = 'pg_class'::regclass AND d.objid = d.refobjid AND d.refobjsubid > 0
                             AND (g.adrelid, g.adnum) = (d.objid, d.objsubid)
WHERE d.deptype IN ('n', 'a', 'i') AND d.objid >= 16384 AND d.refobjid >= 16384
  AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass, 'pg_trigger'::regclass, 'pg_statistic_ext'::regclass,
                    'pg_publication_rel'::regclass, 'pg_proc'::regclass, 'pg_attrdef'::regclass, 'pg_type'::regclass,
                    'pg_class'::regclass, 'pg_constraint'::regclass, 'pg_cast'::regclass, 'pg_operator'::regclass)
  AND d.refclassid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_proc'::regclass)
  AND NOT (v.oid IS NOT NULL AND (v.adrelid, v.adnum) = (d.refobjid, d.refobjsubid)) -- a column's own default
  AND NOT (d.classid = 'pg_class'::regclass AND c.relkind IN ('i', 't')) -- they belong to a materialized view
