-- The kind of each object and its name, as the queries of others/ give them; no kind where the reader has none for it.
SELECT o.class, o.oid, named.kind, named.name,
       pg_describe_object(CASE o.class WHEN 'view' THEN 'pg_class' ELSE o.class END::regclass, o.oid::oid, 0)
FROM unnest(%s::text[], %s::bigint[]) AS o (class, oid)
LEFT JOIN LATERAL (
    SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, c.oid::regclass::text
    FROM pg_class AS c WHERE o.class = 'view' AND c.oid = o.oid
    UNION ALL
    SELECT 'rule', format('%%s on %%s', w.rulename, w.ev_class::regclass)
    FROM pg_rewrite AS w WHERE o.class = 'pg_rewrite' AND w.oid = o.oid
    UNION ALL
    SELECT 'policy', format('%%s on %%s', p.polname, p.polrelid::regclass)
    FROM pg_policy AS p WHERE o.class = 'pg_policy' AND p.oid = o.oid
    UNION ALL
    SELECT 'trigger', format('%%s on %%s', t.tgname, t.tgrelid::regclass)
    FROM pg_trigger AS t WHERE o.class = 'pg_trigger' AND t.oid = o.oid AND NOT t.tgisinternal AND t.tgparentid = 0
    UNION ALL
    SELECT 'statistics', format('%%I.%%I', n.nspname, s.stxname)
    FROM pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
    WHERE o.class = 'pg_statistic_ext' AND s.oid = o.oid
    UNION ALL
    SELECT CASE f.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
           f.oid::regprocedure::text
    FROM pg_proc AS f WHERE o.class = 'pg_proc' AND f.oid = o.oid
    UNION ALL
    SELECT 'publication table', format('%%s: %%s', u.pubname, r.prrelid::regclass)
    FROM pg_publication_rel AS r JOIN pg_publication AS u ON u.oid = r.prpubid
    WHERE o.class = 'pg_publication_rel' AND r.oid = o.oid
    UNION ALL
    SELECT 'generated column', format('%%s.%%I', v.adrelid::regclass, a.attname)
    FROM pg_attrdef AS v JOIN pg_attribute AS a ON a.attrelid = v.adrelid AND a.attnum = v.adnum
    WHERE o.class = 'pg_attrdef' AND v.oid = o.oid AND a.attgenerated <> ''
) AS named (kind, name) ON true
