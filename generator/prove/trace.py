"""Whether anything changed in a database, told in two quick queries: for scripts that must change nothing.

Every row of the system catalogs carries the transaction that wrote it. Where no such row is new, the catalog is
untouched, and it need not be read as a whole (which takes ten times as long).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import PREFIX, qname
from generator.model.schema import QName

if TYPE_CHECKING:
    from psycopg import Connection

# Objects of the user have oids from 16384 on. What is temporary goes with its session.
_CATALOG = """
WITH gone AS (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_(toast_)?temp'),
mine AS (SELECT oid, xmin, relnamespace FROM pg_catalog.pg_class
         WHERE oid >= 16384 AND relnamespace NOT IN (SELECT oid FROM gone))
SELECT pg_catalog.md5(pg_catalog.string_agg(seen, ' ' ORDER BY seen)) FROM (
    SELECT 'r' || oid || '.' || xmin FROM mine
    UNION ALL SELECT 'a' || a.attrelid || '.' || a.attnum || '.' || a.xmin
              FROM pg_catalog.pg_attribute a JOIN mine ON mine.oid = a.attrelid
    UNION ALL SELECT 'd' || oid || '.' || xmin FROM pg_catalog.pg_attrdef
    UNION ALL SELECT 'c' || oid || '.' || xmin FROM pg_catalog.pg_constraint WHERE oid >= 16384
    UNION ALL SELECT 'i' || i.indexrelid || '.' || i.xmin
              FROM pg_catalog.pg_index i JOIN mine ON mine.oid = i.indexrelid
    UNION ALL SELECT 't' || oid || '.' || xmin FROM pg_catalog.pg_trigger
    UNION ALL SELECT 'f' || oid || '.' || xmin FROM pg_catalog.pg_proc
              WHERE oid >= 16384 AND pronamespace NOT IN (SELECT oid FROM gone)
    UNION ALL SELECT 'y' || oid || '.' || xmin FROM pg_catalog.pg_type
              WHERE oid >= 16384 AND typnamespace NOT IN (SELECT oid FROM gone)
    UNION ALL SELECT 'e' || oid || '.' || xmin FROM pg_catalog.pg_enum
    UNION ALL SELECT 's' || seqrelid || '.' || xmin FROM pg_catalog.pg_sequence
    UNION ALL SELECT 'n' || oid || '.' || xmin FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_'
    UNION ALL SELECT 'w' || oid || '.' || xmin FROM pg_catalog.pg_rewrite WHERE oid >= 16384
    UNION ALL SELECT 'p' || oid || '.' || xmin FROM pg_catalog.pg_policy
    UNION ALL SELECT 'x' || oid || '.' || xmin FROM pg_catalog.pg_extension
    UNION ALL SELECT 'o' || objoid || '.' || objsubid || '.' || xmin FROM pg_catalog.pg_description
              WHERE objoid >= 16384
) AS rows (seen)
"""

_TABLES = """
SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT pg_catalog.starts_with(c.relname::text, %s)
ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A digest of which catalog rows there are and who wrote them, and for each table its rows and a digest of them.

    Traces of one database compare; those of two databases do not.
    """

    catalog: str
    rows: Mapping[QName, tuple[int, str]]


def trace(connection: "Connection[tuple[Any, ...]]") -> Trace:
    """The trace of a database; helper tables of the migration are left out of the rows."""
    row = connection.execute(_CATALOG).fetchone()
    tables = [QName(*names) for names in connection.execute(_TABLES, [PREFIX])]
    parts = [
        f"SELECT {position}, pg_catalog.count(*), coalesce(pg_catalog.md5(pg_catalog.string_agg(h, ''"
        f" ORDER BY h COLLATE pg_catalog.\"C\")), '')"
        f" FROM (SELECT pg_catalog.md5(this::text) FROM {qname(table)} AS this) AS hashes (h)"
        for position, table in enumerate(tables)
    ]
    rows = {}
    if parts:
        for position, count, digest in connection.execute(" UNION ALL ".join(parts)):
            rows[tables[position]] = (count, digest)
    return Trace(catalog=row[0] if row is not None else "", rows=rows)
