-- Foreign-data wrappers, servers and user mappings; subscriptions (whose connection string only a superuser sees).
SELECT 'foreign-data wrapper', w.fdwname,
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
SELECT 'server', s.srvname,
       format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname, ' TYPE ' || quote_literal(s.srvtype),
              ' VERSION ' || quote_literal(s.srvversion), w.fdwname,
              (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                                 ORDER BY o.option_name) || ')'
               FROM pg_options_to_table(s.srvoptions) AS o)),
       NULL, NULL
FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e WHERE e.classid = 'pg_foreign_server'::regclass AND e.objid = s.oid AND e.deptype = 'e'
)
UNION ALL
SELECT 'user mapping', format('%s on %s', u.usename, u.srvname),
       format('CREATE USER MAPPING FOR %s SERVER %I%s', CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename)
              END, u.srvname,
              (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                                 ORDER BY o.option_name) || ')'
               FROM pg_options_to_table(u.umoptions) AS o)),
       NULL, NULL
FROM pg_user_mappings AS u
UNION ALL
SELECT 'subscription', s.subname,
       format('CREATE SUBSCRIPTION %I PUBLICATION %s WITH (enabled = %s, slot_name = %L, synchronous_commit = %L)',
              s.subname, (SELECT string_agg(quote_ident(p), ', ' ORDER BY p) FROM unnest(s.subpublications) AS p),
              s.subenabled, s.subslotname, s.subsynccommit),
       NULL, NULL
FROM pg_subscription AS s
WHERE s.subdbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
