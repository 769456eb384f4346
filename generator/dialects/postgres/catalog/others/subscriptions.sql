-- Subscriptions; the connection string, which may hold a password and which only a superuser sees, by a salted digest.
SELECT 'subscription', s.subname::text,
       format('CREATE SUBSCRIPTION %I CONNECTION %L PUBLICATION %s WITH (enabled = %s, slot_name = %L, %s)', s.subname,
              'secret ' || left(encode(sha256(convert_to(coalesce(current_setting('gen_migration.salt', true), '')
                                                         || s.subconninfo, 'UTF8')), 'hex'), 12),
              (SELECT string_agg(quote_ident(p), ', ' ORDER BY p) FROM unnest(s.subpublications) AS p),
              s.subenabled, s.subslotname,
              (SELECT string_agg(format('%s = %L', key, value), ', ' ORDER BY key)
               FROM jsonb_each_text(to_jsonb(s) - ARRAY['oid', 'subdbid', 'subskiplsn', 'subname', 'subowner',
                   'subconninfo', 'subpublications', 'subenabled', 'subslotname', 'xmin']))),
       NULL::text, NULL::text
FROM pg_subscription AS s
WHERE s.subdbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
