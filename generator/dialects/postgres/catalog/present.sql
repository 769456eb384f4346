-- What the database holds at all, in one row: the other queries of the same names run only where there is something.
-- Looking costs a millisecond in all; compiling a query that finds nothing costs several. Objects of users, and of
-- extensions, have numbers from 16384 on.
WITH member AS MATERIALIZED (
    SELECT d.classid, d.objid FROM pg_depend AS d WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
)
SELECT EXISTS (SELECT FROM pg_extension WHERE extname <> 'plpgsql') AS extensions,
       EXISTS (SELECT FROM pg_enum) AS enums,
       EXISTS (SELECT FROM pg_sequence) AS sequences,
       EXISTS (SELECT FROM pg_inherits) OR EXISTS (SELECT FROM pg_partitioned_table)
           OR EXISTS (SELECT FROM pg_foreign_table) OR EXISTS (SELECT FROM pg_class WHERE reloftype <> 0) AS special,
       EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relkind IN ('v', 'm')) AS views,
       EXISTS (SELECT FROM pg_trigger WHERE tgisinternal IS FALSE OR tgenabled <> 'O')
           OR EXISTS (SELECT FROM pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN')
           OR EXISTS (SELECT FROM pg_policy) OR EXISTS (SELECT FROM pg_statistic_ext) AS attached,
       EXISTS (SELECT FROM pg_proc WHERE oid >= 16384
                   AND ('pg_proc'::regclass, oid) NOT IN (SELECT classid, objid FROM member))
           OR EXISTS (SELECT FROM pg_event_trigger) AS routines,
       EXISTS (SELECT FROM pg_type AS t WHERE t.oid >= 16384 AND (
                   t.typtype IN ('d', 'r', 'p') OR (t.typtype = 'b' AND t.typcategory <> 'A')
                   OR (t.typtype = 'c' AND EXISTS (
                       SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c')))
                   AND ('pg_type'::regclass, t.oid) NOT IN (SELECT classid, objid FROM member))
           OR EXISTS (SELECT FROM pg_collation WHERE oid >= 16384) AS types,
       EXISTS (SELECT FROM pg_operator WHERE oid >= 16384
                   AND ('pg_operator'::regclass, oid) NOT IN (SELECT classid, objid FROM member)) OR EXISTS (SELECT FROM pg_opfamily WHERE oid >= 16384
                   AND ('pg_opfamily'::regclass, oid) NOT IN (SELECT classid, objid FROM member))
           OR EXISTS (SELECT FROM pg_opclass WHERE oid >= 16384
                   AND ('pg_opclass'::regclass, oid) NOT IN (SELECT classid, objid FROM member)) OR EXISTS (SELECT FROM pg_cast WHERE oid >= 16384
                   AND ('pg_cast'::regclass, oid) NOT IN (SELECT classid, objid FROM member))
           OR EXISTS (SELECT FROM pg_conversion WHERE oid >= 16384)
           OR EXISTS (SELECT FROM pg_ts_config WHERE oid >= 16384)
           OR EXISTS (SELECT FROM pg_ts_dict WHERE oid >= 16384)
           OR EXISTS (SELECT FROM pg_ts_template WHERE oid >= 16384)
           OR EXISTS (SELECT FROM pg_ts_parser WHERE oid >= 16384)
           OR EXISTS (SELECT FROM pg_language WHERE oid >= 16384) OR EXISTS (SELECT FROM pg_transform)
           OR EXISTS (SELECT FROM pg_am WHERE oid >= 16384) AS operators,
       EXISTS (SELECT FROM pg_foreign_data_wrapper) AS "foreign",
       EXISTS (SELECT FROM pg_foreign_table) AS foreign_tables,
       EXISTS (SELECT FROM pg_user_mappings) AS user_mappings,
       EXISTS (SELECT subname FROM pg_subscription) AS subscriptions,
       EXISTS (SELECT FROM pg_publication) AS publications,
       EXISTS (SELECT FROM pg_publication) AS publication_namespaces,
       EXISTS (SELECT FROM pg_class WHERE oid >= 16384 AND relacl IS NOT NULL)
           OR EXISTS (SELECT FROM pg_attribute WHERE attrelid >= 16384 AND attacl IS NOT NULL)
           OR EXISTS (SELECT FROM pg_proc WHERE oid >= 16384 AND proacl IS NOT NULL)
           OR EXISTS (SELECT FROM pg_type WHERE oid >= 16384 AND typacl IS NOT NULL)
           OR EXISTS (SELECT FROM pg_language WHERE oid >= 16384 AND lanacl IS NOT NULL)
           OR EXISTS (SELECT FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL)
           OR EXISTS (SELECT FROM pg_foreign_server WHERE srvacl IS NOT NULL)
           OR EXISTS (SELECT FROM pg_default_acl)
           OR EXISTS (SELECT FROM pg_namespace AS n LEFT JOIN pg_init_privs AS i
                          ON i.classoid = 'pg_namespace'::regclass AND i.objoid = n.oid
                      WHERE n.nspacl IS DISTINCT FROM i.initprivs AND n.nspacl IS NOT NULL) AS rights,
       EXISTS (SELECT FROM pg_description AS d WHERE d.objoid >= 16384 AND d.classoid NOT IN (
                   'pg_class'::regclass, 'pg_namespace'::regclass, 'pg_extension'::regclass, 'pg_constraint'::regclass,
                   'pg_type'::regclass)
                   AND (d.classoid, d.objoid) NOT IN (SELECT classid, objid FROM member))
           OR EXISTS (SELECT FROM pg_description AS d JOIN pg_class AS c ON c.oid = d.objoid
                      WHERE d.objoid >= 16384 AND d.classoid = 'pg_class'::regclass
                        AND c.relkind NOT IN ('r', 'p', 'S'))
           OR EXISTS (SELECT FROM pg_description AS d JOIN pg_type AS t ON t.oid = d.objoid
                      WHERE d.objoid >= 16384 AND d.classoid = 'pg_type'::regclass AND t.typtype <> 'e'
                        AND (d.classoid, d.objoid) NOT IN (SELECT classid, objid FROM member))
           OR EXISTS (SELECT FROM pg_description AS d JOIN pg_constraint AS k ON k.oid = d.objoid
                      WHERE d.objoid >= 16384 AND d.classoid = 'pg_constraint'::regclass
                        AND (k.conrelid = 0 OR k.contype = 'n' OR EXISTS (SELECT FROM pg_foreign_table)))
           OR EXISTS (SELECT FROM pg_seclabel) AS comments
