-- Foreign-data wrappers and servers. What looks like a secret is told by a digest, as that of user mappings.
SELECT 'foreign-data wrapper', w.fdwname::text,
       format('CREATE FOREIGN DATA WRAPPER %I%s%s%s', w.fdwname, ' HANDLER ' || nullif(w.fdwhandler, 0)::regproc,
              ' VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc,
              (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                                 ORDER BY o.option_name) || ')'
               FROM pg_options_to_table(w.fdwoptions) AS o)),
       NULL::text, NULL::text
FROM pg_foreign_data_wrapper AS w
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e
    WHERE e.classid = 'pg_foreign_data_wrapper'::regclass AND e.objid = w.oid AND e.deptype = 'e'
)
UNION ALL
SELECT 'server', s.srvname::text,
       format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname, ' TYPE ' || quote_literal(s.srvtype),
              ' VERSION ' || quote_literal(s.srvversion), w.fdwname,
              (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name,
                          CASE WHEN o.option_name ~* 'pass|secret|key|token|credential'
                               THEN 'secret ' || left(encode(sha256(convert_to(coalesce(
                                   current_setting('gen_migration.salt', true), '') || o.option_value, 'UTF8')), 'hex'), 12)
                               ELSE o.option_value END), ', '
                                                 ORDER BY o.option_name) || ')'
               FROM pg_options_to_table(s.srvoptions) AS o)),
       NULL, NULL
FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = s.oid AND e.deptype = 'e'
)
