-- Domains, composite, range and base types; collations.
WITH typed AS NOT MATERIALIZED (
    SELECT t.*, format('%I.%I', n.nspname, t.typname) AS name
    FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (
          SELECT FROM pg_depend AS e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
      )
)
SELECT 'domain', t.name,
       format('CREATE DOMAIN %s AS %s%s%s%s%s', t.name, format_type(t.typbasetype, t.typtypmod),
           CASE WHEN t.typcollation <> 0 AND t.typcollation <> b.typcollation
                THEN ' COLLATE ' || t.typcollation::regcollation END,
           ' DEFAULT ' || t.typdefault,
           CASE WHEN t.typnotnull THEN ' NOT NULL' END,
           (SELECT string_agg(format(' CONSTRAINT %I %s', k.conname, pg_get_constraintdef(k.oid)), ''
                              ORDER BY k.conname)
            FROM pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c' AND k.convalidated))
       || coalesce((
           SELECT string_agg(format(E';\nALTER DOMAIN %s ADD CONSTRAINT %I %s', t.name, k.conname,
                             pg_get_constraintdef(k.oid)), '' ORDER BY k.conname)
           FROM pg_constraint AS k WHERE k.contypid = t.oid AND k.contype = 'c' AND NOT k.convalidated), ''),
       NULL::text, NULL::text
FROM typed AS t JOIN pg_type AS b ON b.oid = t.typbasetype
WHERE t.typtype = 'd'
UNION ALL
SELECT 'composite type', t.name,
       format('CREATE TYPE %s AS (%s)', t.name, (
           SELECT string_agg(format('%I %s%s', a.attname, format_type(a.atttypid, a.atttypmod),
                      CASE WHEN a.attcollation <> 0 AND a.attcollation <> u.typcollation
                           THEN ' COLLATE ' || a.attcollation::regcollation END), ', ' ORDER BY a.attnum)
           FROM pg_attribute AS a JOIN pg_type AS u ON u.oid = a.atttypid
           WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)),
       NULL, NULL
FROM typed AS t JOIN pg_class AS c ON c.oid = t.typrelid
WHERE t.typtype = 'c' AND c.relkind = 'c'
UNION ALL
SELECT 'range type', t.name,
       format('CREATE TYPE %s AS RANGE (%s)', t.name, concat_ws(', ',
           'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
           CASE WHEN NOT o.opcdefault THEN 'SUBTYPE_OPCLASS = ' || format('%I.%I', m.nspname, o.opcname) END,
           CASE WHEN r.rngcollation <> s.typcollation THEN 'COLLATION = ' || r.rngcollation::regcollation END,
           'CANONICAL = ' || nullif(r.rngcanonical, 0)::regproc,
           'SUBTYPE_DIFF = ' || nullif(r.rngsubdiff, 0)::regproc,
           'MULTIRANGE_TYPE_NAME = ' || format_type(r.rngmultitypid, NULL))),
       NULL, NULL
FROM typed AS t JOIN pg_range AS r ON r.rngtypid = t.oid JOIN pg_type AS s ON s.oid = r.rngsubtype
JOIN pg_opclass AS o ON o.oid = r.rngsubopc JOIN pg_namespace AS m ON m.oid = o.opcnamespace
UNION ALL
SELECT 'base type', t.name,
       CASE WHEN NOT t.typisdefined THEN format('CREATE TYPE %s', t.name) ELSE
       format('CREATE TYPE %s (%s)', t.name, concat_ws(', ',
           'INPUT = ' || nullif(t.typinput, 0)::regproc, 'OUTPUT = ' || nullif(t.typoutput, 0)::regproc,
           'RECEIVE = ' || nullif(t.typreceive, 0)::regproc, 'SEND = ' || nullif(t.typsend, 0)::regproc,
           'TYPMOD_IN = ' || nullif(t.typmodin, 0)::regproc, 'TYPMOD_OUT = ' || nullif(t.typmodout, 0)::regproc,
           'ANALYZE = ' || nullif(t.typanalyze, 0)::regproc,
           'SUBSCRIPT = ' || nullif(t.typsubscript, 0)::regproc,
           'INTERNALLENGTH = ' || CASE WHEN t.typlen < 0 THEN 'VARIABLE' ELSE t.typlen::text END,
           CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
           'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'i' THEN 'int4'
                                  ELSE 'double' END,
           'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main'
                                ELSE 'extended' END,
           'CATEGORY = ' || quote_literal(t.typcategory::text), CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
           'DEFAULT = ' || quote_literal(t.typdefault),
           CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || format_type(t.typelem, NULL) END,
           'DELIMITER = ' || quote_literal(t.typdelim::text), CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END)) END,
       NULL, NULL
FROM typed AS t
WHERE (t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type AS e WHERE e.typarray = t.oid))
   OR (t.typtype = 'p' AND NOT t.typisdefined)
UNION ALL
SELECT 'collation', format('%I.%I', n.nspname, c.collname),
       format('CREATE COLLATION %I.%I (%s)', n.nspname, c.collname, concat_ws(', ',
           'PROVIDER = ' || CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'
                                 ELSE '"default"' END,
           'LC_COLLATE = ' || quote_literal(CASE WHEN c.collprovider = 'c' THEN j ->> 'collcollate' END),
           'LC_CTYPE = ' || quote_literal(CASE WHEN c.collprovider = 'c' THEN j ->> 'collctype' END),
           'LOCALE = ' || quote_literal(CASE WHEN c.collprovider <> 'c' THEN
               coalesce(j ->> 'colllocale', j ->> 'colliculocale', j ->> 'collcollate') END),
           'RULES = ' || quote_literal(j ->> 'collicurules'),
           CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END)),
       NULL, NULL
FROM pg_collation AS c JOIN pg_namespace AS n ON n.oid = c.collnamespace, to_jsonb(c) AS j
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_collation'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
