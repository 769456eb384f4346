-- The namespaces that a publication publishes whole (since PostgreSQL 15).
SELECT 'publication schema', format('%s: tables in schema %s', p.pubname, n.nspname),
       format('ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I', p.pubname, n.nspname), NULL::text, NULL::text
FROM pg_publication_namespace AS s
JOIN pg_publication AS p ON p.oid = s.pnpubid
JOIN pg_namespace AS n ON n.oid = s.pnnspid
