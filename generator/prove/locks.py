"""What a transaction holds and has touched: table locks, rewrites and reads, of the tables that were there before."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.model.plan import LockMode, Statement
from generator.model.schema import QName

if TYPE_CHECKING:
    from psycopg import Connection

_MODES = {
    "AccessShareLock": LockMode.ACCESS_SHARE,
    "RowShareLock": LockMode.ROW_SHARE,
    "RowExclusiveLock": LockMode.ROW_EXCLUSIVE,
    "ShareUpdateExclusiveLock": LockMode.SHARE_UPDATE_EXCLUSIVE,
    "ShareLock": LockMode.SHARE,
    "ShareRowExclusiveLock": LockMode.SHARE_ROW_EXCLUSIVE,
    "ExclusiveLock": LockMode.EXCLUSIVE,
    "AccessExclusiveLock": LockMode.ACCESS_EXCLUSIVE,
}

_TABLES = """
SELECT c.oid::bigint FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
"""

# Counters of the running transaction: they are flushed only between transactions.
_LOOK = """
SELECT c.oid::bigint, n.nspname, c.relname, pg_catalog.pg_relation_filenode(c.oid)::bigint,
       pg_catalog.pg_stat_get_xact_tuples_returned(c.oid),
       pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
       + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid),
       (SELECT pg_catalog.sum(pg_catalog.pg_stat_get_xact_numscans(i.indexrelid)) FROM pg_catalog.pg_index i
        WHERE i.indrelid = c.oid),
       held.modes
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN (SELECT relation, pg_catalog.array_agg(mode) AS modes FROM pg_catalog.pg_locks
           WHERE pid = %(pid)s AND locktype = 'relation'
             AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
           GROUP BY relation) AS held ON held.relation = c.oid
WHERE c.oid = ANY (%(tables)s::pg_catalog.oid[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A table at one moment: its name, its file, how much was read and written of it and the strongest lock on it."""

    name: QName
    file: int
    read: int
    written: int
    index_scans: int
    mode: LockMode | None


def tables_there(connection: "Connection[tuple[Any, ...]]") -> tuple[int, ...]:
    """The oids of the tables that exist, not counting the server's own."""
    return tuple(row[0] for row in connection.execute(_TABLES))


def look(connection: "Connection[tuple[Any, ...]]", tables: Iterable[int], pid: int) -> dict[int, Look]:
    """What the session ``pid`` holds on these tables, and what this session's transaction has read of them."""
    found = {}
    rows = connection.execute(_LOOK, {"pid": pid, "tables": list(tables)})
    for oid, schema, name, file, read, written, index_scans, modes in rows:
        strongest = max((_MODES[mode] for mode in modes or ()), key=lambda mode: mode.strength, default=None)
        found[oid] = Look(
            name=QName(schema, name),
            file=file or 0,
            read=int(read or 0),
            written=int(written or 0),
            index_scans=int(index_scans or 0),
            mode=strongest,
        )
    return found


def declared_locks(statements: Iterable[Statement]) -> dict[QName, LockMode]:
    """The strongest mode that the statements declare for each table."""
    found: dict[QName, LockMode] = {}
    for statement in statements:
        for lock in statement.locks:
            before = found.get(lock.table, lock.mode)
            found[lock.table] = max(before, lock.mode, key=lambda mode: mode.strength)
    return found
