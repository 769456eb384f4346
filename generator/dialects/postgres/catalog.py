"""Reads a database into a Schema: one snapshot, a few bulk queries (``catalog/*.sql``), PostgreSQL 14 to 18."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.assembly import Rows, assemble
from generator.dialects.postgres.owners import Owned, queries, read_owners, with_owners
from generator.model.schema import Schema
from generator.server.databases import ADMINISTRATOR

if TYPE_CHECKING:
    from psycopg import Connection, Cursor

_FOLDER = Path(__file__).parent / "catalog"

# Whatever the session or the role is set to, the same schema must read the same: names qualified, constants (dates,
# intervals, floats, bytes) written in one way. Compiling such short queries costs more than it gives.
_SETTINGS = """
SET LOCAL search_path = '';
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, MDY';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL extra_float_digits = 1;
SET LOCAL standard_conforming_strings = on;
SET LOCAL bytea_output = 'hex';
SET LOCAL quote_all_identifiers = off;
SET LOCAL client_encoding = 'UTF8';
SET LOCAL jit = off;
SET LOCAL max_parallel_workers_per_gather = 0
"""

_ALWAYS = ("namespaces", "tables", "columns", "constraints", "indexes", "inside")
_WHERE_PRESENT = ("extensions", "enums", "sequences", "special")
"""Queries that run only where ``present.sql`` says so, besides all of ``others/``."""

_AS_ADMINISTRATOR = ("user_mappings", "subscriptions")
"""Queries of what the owner does not see; on a server of our own the administrator asks them."""

_SALT = token_hex()
"""Digests of secrets are good for one run, and tell nobody else anything."""

_SINCE = {"publication_namespaces": 150000}
"""Queries over a catalog that is not there in every version, with the first ``server_version_num`` that has it."""


@cache
def _query(name: str) -> str:
    return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")


@cache
def _others() -> tuple[str, ...]:
    return tuple(path.stem for path in sorted((_FOLDER / "others").glob("*.sql")))


def read_schema(connection: Connection[Any], owners: Collection[Owned] = ()) -> Schema:
    """Everything in the database, as of one moment; the connection's settings are afterwards what they were.

    Of the objects named by ``owners`` the owners are read as well.

    Outside a transaction it reads in one of its own, read only and repeatable; within one, it sees what that sees.
    Objects that belong to extensions, temporary ones and the server's own are left out.
    """
    from psycopg.pq import TransactionStatus
    from psycopg.rows import dict_row, tuple_row

    version = connection.info.server_version
    alone = connection.info.transaction_status is TransactionStatus.IDLE
    with connection.transaction(force_rollback=True), connection.cursor(row_factory=tuple_row) as cursor:
        isolation = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;" if alone else ""
        cursor.execute((isolation + _SETTINGS).encode(), prepare=False)

        def ask(name: str) -> Rows:
            return cursor.execute(_query(name).encode(), prepare=False).fetchall()

        with connection.cursor(row_factory=dict_row) as looking:
            present = looking.execute(_query("present").encode(), prepare=False).fetchone()
        assert present is not None
        rows = {name: ask(name) for name in _ALWAYS}
        rows |= {name: ask(name) if present[name] else [] for name in _WHERE_PRESENT}
        members = frozenset(row[0] for row in ask("members")) if present["extensions"] else frozenset[int]()
        cursor.execute("SELECT set_config('gen_migration.salt', %s, true)", [_SALT])
        others: Rows = []
        for name in _others():
            if present.get(name) and version >= _SINCE.get(name, 0):
                others += _unseen(name, cursor, ask) if name in _AS_ADMINISTRATOR else ask(f"others/{name}")
        given = [row for query, names in queries(owners) for row in cursor.execute(query.encode(), (names,)).fetchall()]
    return with_owners(assemble(rows, others, members), read_owners(given))


def _unseen(name: str, cursor: Cursor[Any], ask: Callable[[str], Rows]) -> Rows:
    """What only a superuser sees; as far as it is in sight where we cannot be one."""
    known = cursor.execute(
        "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),"
        " EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND pg_has_role(oid, 'MEMBER'))",
        [ADMINISTRATOR],
    ).fetchone()
    assert known is not None
    superuser, member = known
    if not superuser and not member:
        return ask("others/subscriptions_in_sight" if name == "subscriptions" else f"others/{name}")
    if not superuser:
        cursor.execute(f"SET LOCAL ROLE {ADMINISTRATOR}".encode())
    try:
        return ask(f"others/{name}")
    finally:
        if not superuser:
            cursor.execute("RESET ROLE")
