"""What an unfinished migration, of ours or of anybody, leaves in a live database: read only, catalogs only."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.model.schema import QName

if TYPE_CHECKING:
    from psycopg import Connection

_CONSTRAINTS = """
SELECT n.nspname, c.relname, k.conname FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT k.convalidated AND c.relkind IN ('r', 'p') ORDER BY 1, 2, 3
"""

_INDEXES = """
SELECT n.nspname, c.relname, i.relname FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid JOIN pg_catalog.pg_class c ON c.oid = x.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT x.indisvalid AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = x.indexrelid)
ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """Each as its table and its name. An index that is being built at this moment is not among them."""

    unvalidated: tuple[tuple[QName, str], ...]
    invalid: tuple[tuple[QName, str], ...]


def read_leftovers(connection: "Connection[tuple[Any, ...]]") -> Leftovers:
    """Constraints that are NOT VALID and indexes that are INVALID. The connection may be in a read-only transaction."""

    def pairs(query: str) -> tuple[tuple[QName, str], ...]:
        rows = connection.execute(query.encode())
        return tuple((QName(schema, table), name) for schema, table, name in rows)

    return Leftovers(unvalidated=pairs(_CONSTRAINTS), invalid=pairs(_INDEXES))
