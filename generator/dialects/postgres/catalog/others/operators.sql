-- Operators, operator families and classes, casts, conversions, text search, languages, transforms, access methods.
WITH extended AS MATERIALIZED (
    SELECT e.classid, e.objid FROM pg_depend AS e
    WHERE e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'
), own AS NOT MATERIALIZED (
    SELECT n.oid, n.nspname FROM pg_namespace AS n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
)
SELECT 'operator', o.oid::regoperator::text,
       format('CREATE OPERATOR %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ',
           'FUNCTION = ' || o.oprcode::regproc,
           CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
           CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || format_type(o.oprright, NULL) END,
           (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', m.nspname, c.oprname)
            FROM pg_operator AS c JOIN pg_namespace AS m ON m.oid = c.oprnamespace WHERE c.oid = o.oprcom),
           (SELECT format('NEGATOR = OPERATOR(%I.%s)', m.nspname, c.oprname)
            FROM pg_operator AS c JOIN pg_namespace AS m ON m.oid = c.oprnamespace WHERE c.oid = o.oprnegate),
           'RESTRICT = ' || nullif(o.oprrest, 0)::regproc, 'JOIN = ' || nullif(o.oprjoin, 0)::regproc,
           CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END)),
       NULL::text, NULL::text
FROM pg_operator AS o JOIN own AS n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0 AND ('pg_operator'::regclass, o.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'operator family', format('%I.%I using %s', n.nspname, f.opfname, m.amname),
       format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname) || coalesce((
           SELECT E'\n-- ' || string_agg(line, E'\n-- ' ORDER BY line) FROM (
               SELECT format('OPERATOR %s %s%s', o.amopstrategy, o.amopopr::regoperator,
                      (SELECT format(' FOR ORDER BY %I.%I', y.nspname, s.opfname) FROM pg_opfamily AS s
                       JOIN pg_namespace AS y ON y.oid = s.opfnamespace WHERE s.oid = o.amopsortfamily))
               FROM pg_amop AS o WHERE o.amopfamily = f.oid
               UNION ALL
               SELECT format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                             format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
               FROM pg_amproc AS p WHERE p.amprocfamily = f.oid) AS member (line)), ''),
       NULL, NULL
FROM pg_opfamily AS f JOIN own AS n ON n.oid = f.opfnamespace JOIN pg_am AS m ON m.oid = f.opfmethod
WHERE ('pg_opfamily'::regclass, f.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'operator class', format('%I.%I using %s', n.nspname, c.opcname, m.amname),
       format('CREATE OPERATOR CLASS %I.%I%s FOR TYPE %s USING %I FAMILY %I.%I AS STORAGE %s', n.nspname, c.opcname,
           CASE WHEN c.opcdefault THEN ' DEFAULT' END, format_type(c.opcintype, NULL), m.amname, y.nspname, f.opfname,
           format_type(CASE WHEN c.opckeytype = 0 THEN c.opcintype ELSE c.opckeytype END, NULL)),
       NULL, NULL
FROM pg_opclass AS c JOIN own AS n ON n.oid = c.opcnamespace JOIN pg_am AS m ON m.oid = c.opcmethod
JOIN pg_opfamily AS f ON f.oid = c.opcfamily JOIN pg_namespace AS y ON y.oid = f.opfnamespace
WHERE ('pg_opclass'::regclass, c.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'cast', format('%s as %s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL)),
       format('CREATE CAST (%s AS %s) %s%s', format_type(c.castsource, NULL), format_type(c.casttarget, NULL),
           CASE c.castmethod WHEN 'i' THEN 'WITH INOUT' WHEN 'b' THEN 'WITHOUT FUNCTION'
                ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure END,
           CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' END),
       NULL, NULL
FROM pg_cast AS c
WHERE c.oid >= 16384 AND ('pg_cast'::regclass, c.oid) NOT IN (SELECT classid, objid FROM extended)
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_cast'::regclass AND e.objid = c.oid AND e.deptype = 'i'
  )
UNION ALL
SELECT 'conversion', format('%I.%I', n.nspname, c.conname),
       format('CREATE%s CONVERSION %I.%I FOR %L TO %L FROM %s', CASE WHEN c.condefault THEN ' DEFAULT' END, n.nspname,
           c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc),
       NULL, NULL
FROM pg_conversion AS c JOIN own AS n ON n.oid = c.connamespace
WHERE ('pg_conversion'::regclass, c.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'text search configuration', format('%I.%I', n.nspname, c.cfgname),
       format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %s)', n.nspname, c.cfgname,
              (SELECT format('%I.%I', y.nspname, p.prsname) FROM pg_ts_parser AS p
               JOIN pg_namespace AS y ON y.oid = p.prsnamespace WHERE p.oid = c.cfgparser)) || coalesce((
           SELECT string_agg(format(E';\nALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s', n.nspname,
                             c.cfgname, token.alias, token.dictionaries), '' ORDER BY token.alias)
           FROM (SELECT k.alias, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
                 FROM pg_ts_config_map AS m JOIN ts_token_type(c.cfgparser) AS k ON k.tokid = m.maptokentype
                 WHERE m.mapcfg = c.oid GROUP BY k.alias) AS token), ''),
       NULL, NULL
FROM pg_ts_config AS c JOIN own AS n ON n.oid = c.cfgnamespace
WHERE ('pg_ts_config'::regclass, c.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'text search dictionary', format('%I.%I', n.nspname, d.dictname),
       format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)', n.nspname, d.dictname, y.nspname, t.tmplname,
              ', ' || d.dictinitoption),
       NULL, NULL
FROM pg_ts_dict AS d JOIN own AS n ON n.oid = d.dictnamespace JOIN pg_ts_template AS t ON t.oid = d.dicttemplate
JOIN pg_namespace AS y ON y.oid = t.tmplnamespace
WHERE ('pg_ts_dict'::regclass, d.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'text search template', format('%I.%I', n.nspname, t.tmplname),
       format('CREATE TEXT SEARCH TEMPLATE %I.%I (%sLEXIZE = %s)', n.nspname, t.tmplname,
              'INIT = ' || nullif(t.tmplinit, 0)::regproc || ', ', t.tmpllexize),
       NULL, NULL
FROM pg_ts_template AS t JOIN own AS n ON n.oid = t.tmplnamespace
WHERE ('pg_ts_template'::regclass, t.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'text search parser', format('%I.%I', n.nspname, p.prsname),
       format('CREATE TEXT SEARCH PARSER %I.%I (START = %s, GETTOKEN = %s, END = %s, %sLEXTYPES = %s)', n.nspname,
              p.prsname, p.prsstart, p.prstoken, p.prsend, 'HEADLINE = ' || nullif(p.prsheadline, 0)::regproc || ', ',
              p.prslextype),
       NULL, NULL
FROM pg_ts_parser AS p JOIN own AS n ON n.oid = p.prsnamespace
WHERE ('pg_ts_parser'::regclass, p.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'language', l.lanname::text,
       format('CREATE%s LANGUAGE %I HANDLER %s%s%s', CASE WHEN l.lanpltrusted THEN ' TRUSTED' END, l.lanname,
              nullif(l.lanplcallfoid, 0)::regproc, ' INLINE ' || nullif(l.laninline, 0)::regproc,
              ' VALIDATOR ' || nullif(l.lanvalidator, 0)::regproc),
       NULL, NULL
FROM pg_language AS l
WHERE l.oid >= 16384 AND ('pg_language'::regclass, l.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'transform', format('%s for %s', format_type(t.trftype, NULL), l.lanname),
       format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(t.trftype, NULL), l.lanname, concat_ws(', ',
              'FROM SQL WITH FUNCTION ' || nullif(t.trffromsql, 0)::regprocedure,
              'TO SQL WITH FUNCTION ' || nullif(t.trftosql, 0)::regprocedure)),
       NULL, NULL
FROM pg_transform AS t JOIN pg_language AS l ON l.oid = t.trflang
WHERE ('pg_transform'::regclass, t.oid) NOT IN (SELECT classid, objid FROM extended)
UNION ALL
SELECT 'access method', m.amname::text,
       format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', m.amname,
              CASE m.amtype WHEN 'i' THEN 'INDEX' ELSE 'TABLE' END, m.amhandler),
       NULL, NULL
FROM pg_am AS m
WHERE m.oid >= 16384 AND ('pg_am'::regclass, m.oid) NOT IN (SELECT classid, objid FROM extended)
