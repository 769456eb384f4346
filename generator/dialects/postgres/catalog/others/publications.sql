-- Publications, and the tables of each. What a release has more than another is read through jsonb.
SELECT 'publication', p.pubname::text,
       format('CREATE PUBLICATION %I%s WITH (%s)', p.pubname,
           CASE WHEN p.puballtables THEN ' FOR ALL TABLES' END,
           concat_ws(', ',
               format('publish = %L', concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END,
                      CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
                      CASE WHEN p.pubtruncate THEN 'truncate' END)),
               'publish_via_partition_root = ' || p.pubviaroot::text,
               CASE to_jsonb(p) ->> 'pubgencols' WHEN 's' THEN 'publish_generated_columns = stored'
                    WHEN 'n' THEN 'publish_generated_columns = none' END)),
       NULL::text, NULL::text
FROM pg_publication AS p
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e WHERE e.classid = 'pg_publication'::regclass AND e.objid = p.oid AND e.deptype = 'e'
)
UNION ALL
SELECT 'publication table', format('%s: %s', p.pubname, c.oid::regclass),
       format('ALTER PUBLICATION %I ADD TABLE %s%s%s', p.pubname, c.oid::regclass,
           (SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) || ')'
            FROM pg_attribute AS a
            WHERE a.attrelid = r.prrelid
              AND a.attnum = ANY (regexp_split_to_array(trim('[] ' FROM to_jsonb(r) ->> 'prattrs'), '[ ,]+')::int2[])),
           (SELECT ' WHERE (' || (to_jsonb(v) ->> 'rowfilter') || ')' FROM pg_publication_tables AS v
            WHERE v.pubname = p.pubname AND v.schemaname = n.nspname AND v.tablename = c.relname)),
       n.nspname, c.relname
FROM pg_publication_rel AS r JOIN pg_publication AS p ON p.oid = r.prpubid
JOIN pg_class AS c ON c.oid = r.prrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
