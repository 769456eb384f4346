-- User mappings. What looks like a secret is told by a digest, salted for each run, so that it is in no text of ours.
SELECT 'user mapping', format('%s on %s', CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END,
                              quote_ident(u.srvname)),
       format('CREATE USER MAPPING FOR %s SERVER %I%s', CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename)
              END, u.srvname,
              (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name,
                          CASE WHEN o.option_name ~* 'pass|secret|key|token|credential'
                               THEN 'secret ' || left(encode(sha256(convert_to(coalesce(
                                   current_setting('gen_migration.salt', true), '') || o.option_value, 'UTF8')), 'hex'), 12)
                               ELSE o.option_value END), ', ' ORDER BY o.option_name) || ')'
               FROM pg_options_to_table(u.umoptions) AS o)),
       NULL::text, NULL::text
FROM pg_user_mappings AS u
