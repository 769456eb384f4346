"""Reads a database into a Schema: one snapshot, a few bulk queries (``catalog/*.sql``), PostgreSQL 14 to 18."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.assembly import assemble
from generator.model.schema import Schema

if TYPE_CHECKING:
    from psycopg import Connection

_FOLDER = Path(__file__).parent / "catalog"

# Whatever the session or the role is set to, the same schema must read the same: names qualified, constants (dates,
# intervals, floats, bytes) written in one way. Compiling such short queries costs more than it gives.
_SETTINGS = """
SET LOCAL search_path = '';
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, MDY';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 1;
SET LOCAL bytea_output = 'hex';
SET LOCAL quote_all_identifiers = off;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0
"""

_SINCE = {"publication_namespaces": 150000}
"""Queries over a catalog that is not there in every version, with the first ``server_version_num`` that has it."""


@cache
def _queries() -> tuple[tuple[str, str], ...]:
    """(name, SQL) of every query; those of ``others/`` come as ``others/name``."""
    plain = [(path.stem, path) for path in sorted(_FOLDER.glob("*.sql"))]
    others = [(f"others/{path.stem}", path) for path in sorted((_FOLDER / "others").glob("*.sql"))]
    return tuple((name, path.read_text(encoding="utf-8")) for name, path in plain + others)


def read_schema(connection: Connection[Any]) -> Schema:
    """Everything in the database, as of one moment; the connection's settings are afterwards what they were.

    Outside a transaction it reads in one of its own, read only and repeatable; within one, it sees what that sees.
    Objects that belong to extensions, temporary ones and the server's own are left out.
    """
    from psycopg.pq import TransactionStatus
    from psycopg.rows import tuple_row

    alone = connection.info.transaction_status is TransactionStatus.IDLE
    queries = [
        (name.removeprefix("others/"), sql, name.startswith("others/"))
        for name, sql in _queries()
        if connection.info.server_version >= _SINCE.get(name.removeprefix("others/"), 0)
    ]
    rows: dict[str, list[tuple[Any, ...]]] = {}
    others: list[tuple[Any, ...]] = []
    with connection.transaction(force_rollback=True), connection.cursor(row_factory=tuple_row) as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(_SETTINGS, prepare=False)
        for name, sql, is_other in queries:
            found = cursor.execute(sql, prepare=False).fetchall()
            if is_other:
                others += found
            else:
                rows[name] = found
    return assemble(rows, others)
