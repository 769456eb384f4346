-- Columns of tables and materialised views in their own order; the fields from the storage on are NULL where a column
-- has what its type gives it.
SELECT a.attrelid::int8, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), NOT a.attnotnull,
       pg_get_expr(v.adbin, v.adrelid), a.attidentity::text, a.attgenerated::text,
       CASE WHEN a.attcollation <> t.typcollation AND a.attcollation <> 0 THEN a.attcollation::regcollation::text END,
       d.description,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text || t.typstorage::text END,
       CASE WHEN a.attcompression <> '' THEN a.attcompression::text END,
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget::int END,
       a.attoptions, a.attfdwoptions
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef AS v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
LEFT JOIN pg_description AS d
    ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
WHERE c.relkind IN ('r', 'p', 'f', 'm')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
