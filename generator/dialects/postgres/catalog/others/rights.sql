-- Rights that are not the kind's own default (or the initial ones of the namespace public), one line each grantee.
-- What owners have of themselves is left out: owners are not compared. Of what belongs to an extension, only what
-- differs from what the extension gave. Then default privileges.
WITH held (kind, oid, of, nspname, relname, owner, acl, initial) AS (
    SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid, c.oid::regclass::text,
           CASE WHEN c.relkind <> 'S' THEN n.nspname END, CASE WHEN c.relkind <> 'S' THEN c.relname END,
           c.relowner, c.relacl, coalesce((SELECT i.initprivs FROM pg_init_privs AS i
               WHERE i.classoid = 'pg_class'::regclass AND i.objoid = c.oid AND i.objsubid = 0),
           acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END, c.relowner))
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid, p.oid::regprocedure::text, NULL, NULL,
           p.proowner, p.proacl, coalesce((SELECT i.initprivs FROM pg_init_privs AS i
               WHERE i.classoid = 'pg_proc'::regclass AND i.objoid = p.oid), acldefault('f', p.proowner))
    FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE p.proacl IS NOT NULL
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END, t.oid, format_type(t.oid, NULL), NULL, NULL,
           t.typowner, t.typacl, coalesce((SELECT i.initprivs FROM pg_init_privs AS i
               WHERE i.classoid = 'pg_type'::regclass AND i.objoid = t.oid), acldefault('T', t.typowner))
    FROM pg_type AS t JOIN pg_namespace AS n ON n.oid = t.typnamespace
    WHERE t.typacl IS NOT NULL AND t.oid >= 16384
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'SCHEMA', n.oid, quote_ident(n.nspname), NULL, NULL, n.nspowner, n.nspacl,
           coalesce((SELECT i.initprivs FROM pg_init_privs AS i
                     WHERE i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid), acldefault('n', n.nspowner))
    FROM pg_namespace AS n
    WHERE n.nspacl IS NOT NULL AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    UNION ALL
    SELECT 'LANGUAGE', l.oid, quote_ident(l.lanname), NULL, NULL, l.lanowner, l.lanacl, acldefault('l', l.lanowner)
    FROM pg_language AS l WHERE l.lanacl IS NOT NULL AND l.oid >= 16384
    UNION ALL
    SELECT 'FOREIGN DATA WRAPPER', w.oid, quote_ident(w.fdwname), NULL, NULL, w.fdwowner, w.fdwacl,
           coalesce((SELECT i.initprivs FROM pg_init_privs AS i
                     WHERE i.classoid = 'pg_foreign_data_wrapper'::regclass AND i.objoid = w.oid),
                    acldefault('F', w.fdwowner))
    FROM pg_foreign_data_wrapper AS w WHERE w.fdwacl IS NOT NULL
    UNION ALL
    SELECT 'FOREIGN SERVER', s.oid, quote_ident(s.srvname), NULL, NULL, s.srvowner, s.srvacl,
           acldefault('S', s.srvowner)
    FROM pg_foreign_server AS s WHERE s.srvacl IS NOT NULL
    UNION ALL
    SELECT 'COLUMN ' || quote_ident(a.attname), a.attrelid, c.oid::regclass::text, n.nspname, c.relname, c.relowner,
           a.attacl, coalesce((SELECT i.initprivs FROM pg_init_privs AS i
               WHERE i.classoid = 'pg_class'::regclass AND i.objoid = c.oid AND i.objsubid = a.attnum),
           acldefault('c', c.relowner))
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
), told (kind, oid, of, nspname, relname, verb, role, privilege, grantable) AS (
    SELECT h.kind, h.oid, h.of, h.nspname, h.relname, 'GRANT',
           CASE WHEN x.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
           x.privilege_type, x.is_grantable
    FROM held AS h, LATERAL (
        SELECT grantee, privilege_type, bool_or(is_grantable) FROM aclexplode(h.acl)
        WHERE grantee <> h.owner GROUP BY 1, 2
        EXCEPT
        SELECT grantee, privilege_type, bool_or(is_grantable) FROM aclexplode(h.initial) GROUP BY 1, 2
    ) AS x (grantee, privilege_type, is_grantable)
    UNION ALL
    SELECT h.kind, h.oid, h.of, h.nspname, h.relname, 'REVOKE',
           CASE WHEN x.grantee = 0 THEN 'PUBLIC' WHEN x.grantee = h.owner THEN 'CURRENT_USER'
                ELSE quote_ident(pg_get_userbyid(x.grantee)) END,
           x.privilege_type, false
    FROM held AS h, LATERAL (
        SELECT grantee, privilege_type FROM aclexplode(h.initial)
        EXCEPT
        SELECT grantee, privilege_type FROM aclexplode(h.acl)
    ) AS x (grantee, privilege_type)
), line (kind, of, nspname, relname, text) AS (
    SELECT kind, of, nspname, relname,
           format('%s %s ON %s %s %s %s%s', verb,
               string_agg(CASE WHEN kind LIKE 'COLUMN %' THEN format('%s (%s)', privilege, substr(kind, 8))
                               ELSE privilege END, ', ' ORDER BY privilege),
               CASE WHEN kind LIKE 'COLUMN %' THEN 'TABLE' ELSE kind END, of,
               CASE verb WHEN 'GRANT' THEN 'TO' ELSE 'FROM' END, role,
               CASE WHEN grantable THEN ' WITH GRANT OPTION' END)
    FROM told GROUP BY kind, oid, of, nspname, relname, verb, role, grantable
)
SELECT 'rights',
       CASE WHEN kind LIKE 'COLUMN %' THEN format('%s.%s', of, substr(kind, 8)) ELSE format('%s %s', lower(kind), of) END,
       string_agg(text, E';\n' ORDER BY text), nspname, relname
FROM line GROUP BY kind, of, nspname, relname
UNION ALL
SELECT 'default privileges', format('of %s%s', coalesce(whose.role, 'the owner'), ' in schema ' || quote_ident(n.nspname)),
       string_agg(format('ALTER DEFAULT PRIVILEGES%s%s %s %s ON %s %s %s%s', ' FOR ROLE ' || whose.role,
           ' IN SCHEMA ' || quote_ident(n.nspname), x.verb, x.privilege,
           CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
                WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END,
           CASE x.verb WHEN 'GRANT' THEN 'TO' ELSE 'FROM' END, x.role,
           CASE WHEN x.grantable THEN ' WITH GRANT OPTION' END), E';\n'
           ORDER BY x.verb, d.defaclobjtype, x.role, x.privilege),
       NULL, NULL
FROM pg_default_acl AS d
LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL (
    -- Those of whoever reads name no role: on another server the owner has another name.
    SELECT CASE WHEN pg_get_userbyid(d.defaclrole) <> current_user THEN quote_ident(pg_get_userbyid(d.defaclrole)) END
) AS whose (role),
LATERAL (
    -- In one namespace the default is to grant nothing more; everywhere it is the kind's own.
    SELECT acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)
) AS usual (acl),
LATERAL (
    SELECT 'GRANT', CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
           g.privilege_type, g.is_grantable
    FROM (SELECT grantee, privilege_type, is_grantable FROM aclexplode(d.defaclacl)
          EXCEPT
          SELECT grantee, privilege_type, is_grantable FROM aclexplode(usual.acl) WHERE d.defaclnamespace = 0) AS g
    UNION ALL
    SELECT 'REVOKE', CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(g.grantee)) END,
           g.privilege_type, false
    FROM (SELECT grantee, privilege_type FROM aclexplode(usual.acl) WHERE d.defaclnamespace = 0
          EXCEPT
          SELECT grantee, privilege_type FROM aclexplode(d.defaclacl)) AS g
) AS x (verb, role, privilege, grantable)
GROUP BY whose.role, n.nspname
