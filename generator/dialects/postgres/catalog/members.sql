-- What belongs to extensions, of the kinds that are read with their numbers.
SELECT d.objid::int8
FROM pg_depend AS d
WHERE d.refclassid = 'pg_extension'::regclass
  AND d.deptype = 'e'
  AND d.classid IN ('pg_class'::regclass, 'pg_type'::regclass, 'pg_namespace'::regclass)
