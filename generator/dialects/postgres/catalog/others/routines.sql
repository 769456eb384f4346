-- Functions, procedures, aggregates and event triggers. What a type brings along itself (a range's constructors)
-- is left out: it hangs on the type with deptype 'i'.
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window function' ELSE 'function' END,
       p.oid::regprocedure::text, rtrim(pg_get_functiondef(p.oid), E'\n'), NULL::text, NULL::text
FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE p.prokind <> 'a'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e
      WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid
        AND (e.deptype = 'e' OR (e.deptype = 'i' AND e.refclassid = 'pg_type'::regclass))
  )
UNION ALL
SELECT 'aggregate', p.oid::regprocedure::text,
       format('CREATE AGGREGATE %I.%I(%s) (%s)', n.nspname, p.proname, pg_get_function_arguments(p.oid), concat_ws(', ',
           'SFUNC = ' || a.aggtransfn::regproc, 'STYPE = ' || format_type(a.aggtranstype, NULL),
           'SSPACE = ' || nullif(a.aggtransspace, 0),
           'FINALFUNC = ' || nullif(a.aggfinalfn, 0)::regproc,
           CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
           CASE WHEN a.aggfinalfn <> 0 THEN 'FINALFUNC_MODIFY = ' || CASE a.aggfinalmodify
               WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
           'COMBINEFUNC = ' || nullif(a.aggcombinefn, 0)::regproc,
           'SERIALFUNC = ' || nullif(a.aggserialfn, 0)::regproc,
           'DESERIALFUNC = ' || nullif(a.aggdeserialfn, 0)::regproc,
           'MSFUNC = ' || nullif(a.aggmtransfn, 0)::regproc,
           'MINVFUNC = ' || nullif(a.aggminvtransfn, 0)::regproc,
           CASE WHEN a.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(a.aggmtranstype, NULL) END,
           'MSSPACE = ' || nullif(a.aggmtransspace, 0),
           'MFINALFUNC = ' || nullif(a.aggmfinalfn, 0)::regproc,
           CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
           CASE WHEN a.aggmfinalfn <> 0 THEN 'MFINALFUNC_MODIFY = ' || CASE a.aggmfinalmodify
               WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
           'INITCOND = ' || quote_literal(a.agginitval),
           'MINITCOND = ' || quote_literal(a.aggminitval),
           (SELECT format('SORTOP = OPERATOR(%I.%s)', m.nspname, o.oprname)
            FROM pg_operator AS o JOIN pg_namespace AS m ON m.oid = o.oprnamespace WHERE o.oid = a.aggsortop),
           CASE a.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END,
           CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END)),
       NULL, NULL
FROM pg_aggregate AS a JOIN pg_proc AS p ON p.oid = a.aggfnoid JOIN pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_depend AS e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e'
  )
UNION ALL
SELECT 'event trigger', t.evtname::text,
       format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()%s', t.evtname, t.evtevent,
           ' WHEN TAG IN (' || (SELECT string_agg(quote_literal(g), ', ' ORDER BY g) FROM unnest(t.evttags) AS g)
               || ')',
           t.evtfoid::regproc,
           CASE t.evtenabled WHEN 'D' THEN format(E';\nALTER EVENT TRIGGER %I DISABLE', t.evtname)
                WHEN 'R' THEN format(E';\nALTER EVENT TRIGGER %I ENABLE REPLICA', t.evtname)
                WHEN 'A' THEN format(E';\nALTER EVENT TRIGGER %I ENABLE ALWAYS', t.evtname) END),
       NULL, NULL
FROM pg_event_trigger AS t
WHERE NOT EXISTS (
    SELECT FROM pg_depend AS e WHERE e.classid = 'pg_event_trigger'::regclass AND e.objid = t.oid AND e.deptype = 'e'
)
