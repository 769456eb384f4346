-- The columns that an index's expressions and predicate use, besides those of its key; also for the indexes behind
-- exclusion constraints. And the statistics targets of expressions.
SELECT p.objid::int8, p.refobjsubid, NULL::text
FROM pg_depend AS p
JOIN pg_index AS i ON i.indexrelid = p.objid
WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass AND p.refobjid = i.indrelid
  AND p.refobjsubid > 0 AND p.deptype IN ('n', 'a') AND (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL)
UNION ALL
SELECT i.indexrelid::int8, NULL,
       format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', i.indexrelid::regclass, a.attnum, a.attstattarget)
FROM pg_index AS i
JOIN pg_attribute AS a ON a.attrelid = i.indexrelid
WHERE i.indexprs IS NOT NULL AND a.attstattarget >= 0
