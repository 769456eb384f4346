-- Columns of tables in the tables' own order; the last fields are NULL where a column has what its type gives it.
SELECT a.attrelid::int8, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
       pg_get_expr(v.adbin, v.adrelid), a.attidentity::text, a.attgenerated::text,
       CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN a.attcollation::regcollation::text END,
       d.description,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END,
       CASE WHEN a.attcompression <> '' THEN a.attcompression::text END,
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int END,
       CASE WHEN a.attoptions IS NOT NULL THEN array_to_string(a.attoptions, ', ') END,
       CASE WHEN a.attfdwoptions IS NOT NULL THEN (
           SELECT string_agg(format('%I %L', o.option_name, o.option_value), ', ' ORDER BY o.option_name)
           FROM pg_options_to_table(a.attfdwoptions) AS o
       ) END
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
WHERE c.relkind IN ('r', 'p', 'f')
  AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND a.attnum > 0
  AND NOT a.attisdropped
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
ORDER BY a.attrelid, a.attnum
