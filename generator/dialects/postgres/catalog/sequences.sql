-- Every sequence with its options, and the column that it belongs to: deptype 'i' is an identity column's,
-- 'a' is OWNED BY.
SELECT c.oid::int8, n.nspname, c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin,
       s.seqmax, s.seqcache, s.seqcycle, d.description, o.deptype::text, o.refobjid::int8, o.refobjsubid,
       c.relpersistence::text
FROM pg_sequence AS s
JOIN pg_class AS c ON c.oid = s.seqrelid
JOIN pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_depend AS o
    ON o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass
   AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
LEFT JOIN pg_description AS d ON d.classoid = 'pg_class'::regclass AND d.objoid = c.oid AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
