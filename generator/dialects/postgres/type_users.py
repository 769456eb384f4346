"""Who uses a type, as PostgreSQL itself knows it: beside the tables' own columns, which move to another type."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import qname
from generator.model.schema import QName

if TYPE_CHECKING:
    from psycopg import Connection

# Columns of plain tables with their defaults, indexes and constraints, and types that are made of this one, follow.
_USERS = """
SELECT DISTINCT coalesce(
    (SELECT format('%%s %%s', CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, c.oid::regclass)
     FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
     WHERE d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND c.relkind IN ('v', 'm')),
    pg_describe_object(d.classid, d.objid, CASE WHEN d.classid = 'pg_class'::regclass THEN 0 ELSE d.objsubid END))
FROM pg_type t JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
WHERE t.oid = %s::regtype AND d.deptype NOT IN ('i', 'e')
  AND d.classid NOT IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_type'::regclass)
  AND NOT (c.oid IS NOT NULL AND c.relkind IN ('r', 'i', 'c') AND NOT c.relispartition)
ORDER BY 1
"""


def users_of(connection: "Connection[tuple[Any, ...]]", names: tuple[QName, ...]) -> Mapping[QName, tuple[str, ...]]:
    """By the type, of those which have any: views, functions, policies and the like, as the server calls them."""
    if not names:
        return {}
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL search_path = ''")
        found = {name: connection.execute(_USERS.encode(), [qname(name)]).fetchall() for name in names}
    return {name: tuple(user for (user,) in users) for name, users in found.items() if users}
