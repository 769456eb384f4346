-- Comments on, and security labels of, whatever is not read with its own comment elsewhere.
SELECT 'comment', format('on %s %s', i.type, CASE d.classoid WHEN 'pg_proc'::regclass THEN d.objoid::regprocedure::text
                                                  WHEN 'pg_operator'::regclass THEN d.objoid::regoperator::text
                                                  ELSE i.identity END),
       d.description, NULL::text, NULL::text
FROM pg_description AS d, pg_identify_object(d.classoid, d.objoid, d.objsubid) AS i
WHERE d.objoid >= 16384
  AND d.classoid NOT IN ('pg_namespace'::regclass, 'pg_extension'::regclass)
  AND NOT (d.classoid = 'pg_class'::regclass AND EXISTS (
      SELECT FROM pg_class AS c WHERE c.oid = d.objoid AND (
          c.relkind = 'S' AND d.objsubid = 0 OR c.relkind IN ('r', 'p')
          OR (c.relkind IN ('i', 'I') AND NOT EXISTS (
              SELECT FROM pg_constraint AS k WHERE k.conindid = c.oid AND k.contype IN ('p', 'u', 'x'))
              AND NOT EXISTS (SELECT FROM pg_index AS x JOIN pg_class AS m ON m.oid = x.indrelid
                              WHERE x.indexrelid = c.oid AND m.relkind = 'm')))))
  AND NOT (d.classoid = 'pg_constraint'::regclass AND EXISTS (
      SELECT FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
      WHERE k.oid = d.objoid AND k.contype <> 'n' AND c.relkind <> 'f'))
  AND NOT (d.classoid = 'pg_type'::regclass AND EXISTS (
      SELECT FROM pg_type AS t WHERE t.oid = d.objoid AND t.typtype = 'e'))
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
UNION ALL
SELECT 'security label', format('%s on %s %s', l.provider, l.objtype, l.objname), l.label, NULL, NULL
FROM pg_seclabels AS l
