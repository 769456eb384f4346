-- Subscriptions as far as somebody sees them who is no superuser.
SELECT 'subscription', s.subname::text,
       format('CREATE SUBSCRIPTION %I PUBLICATION %s WITH (enabled = %s, slot_name = %L, synchronous_commit = %L)',
              s.subname, (SELECT string_agg(quote_ident(p), ', ' ORDER BY p) FROM unnest(s.subpublications) AS p),
              s.subenabled, s.subslotname, s.subsynccommit),
       NULL::text, NULL::text
FROM pg_subscription AS s
WHERE s.subdbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())
