-- Publications with their tables. What a release has more than another is read through jsonb.
SELECT 'publication', p.pubname,
       format('CREATE PUBLICATION %I%s%s WITH (%s)', p.pubname,
           CASE WHEN p.puballtables THEN ' FOR ALL TABLES' END,
           (SELECT ' FOR ' || string_agg(format('TABLE %s%s%s', r.prrelid::regclass,
                   (SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) || ')'
                    FROM pg_attribute AS a
                    WHERE a.attrelid = r.prrelid
                      AND a.attnum = ANY (string_to_array(translate(to_jsonb(r) ->> 'prattrs', '[],', ''), ' ')::int2[])),
                   (SELECT ' WHERE (' || (to_jsonb(v) ->> 'rowfilter') || ')' FROM pg_publication_tables AS v
                    JOIN pg_class AS c ON c.relname = v.tablename
                    JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = v.schemaname
                    WHERE v.pubname = p.pubname AND c.oid = r.prrelid)),
               ', ' ORDER BY r.prrelid::regclass::text)
            FROM pg_publication_rel AS r WHERE r.prpubid = p.oid),
           concat_ws(', ',
               format('publish = %L', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END,
                      CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
                      CASE WHEN p.pubtruncate THEN 'truncate' END)),
               CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END,
               CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN 'publish_generated_columns = stored' END)),
       NULL::text, NULL::text
FROM pg_publication AS p
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e WHERE e.classid = 'pg_publication'::regclass AND e.objid = p.oid AND e.deptype = 'e'
)
