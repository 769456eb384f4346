"""Looks at a statement that cannot run in a transaction while somebody keeps it waiting.

CREATE and DROP INDEX CONCURRENTLY wait for every transaction that may write the table. So one is opened that holds
ROW EXCLUSIVE: once the statement waits for it, its own locks are there to be read, however fast the machine is.
"""

import time
from collections.abc import Sequence
from threading import Thread
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import qname
from generator.model.plan import LockMode
from generator.model.schema import QName
from generator.prove.locks import look

if TYPE_CHECKING:
    from psycopg import Connection

_WAITS = "SELECT EXISTS (SELECT FROM pg_catalog.pg_locks WHERE pid = %s AND NOT granted)"
_PATIENCE = 10.0
"""Seconds after which a statement that neither ends nor waits is let go without a look."""


def watch_concurrent(
    connection: "Connection[tuple[Any, ...]]",
    other: "Connection[tuple[Any, ...]]",
    text: str,
    tables: Sequence[QName],
    oids: Sequence[int],
) -> dict[int, LockMode | None] | None:
    """Run ``text`` on ``connection`` (autocommit) and give the locks it was seen to hold or to wait for.

    ``other`` is a second connection, in no transaction yet. None where the statement ended before it had to wait.
    Raises what the statement raises.
    """
    raised: list[Exception] = []

    def run() -> None:
        try:
            connection.execute(text)
        except Exception as error:
            raised.append(error)

    other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    for table in tables:
        _hold(other, table)
    pid = connection.info.backend_pid
    thread = Thread(target=run)
    thread.start()
    held: dict[int, LockMode | None] | None = None
    deadline = time.monotonic() + _PATIENCE
    while thread.is_alive() and time.monotonic() < deadline:
        row = other.execute(_WAITS, [pid]).fetchone()
        if row is not None and row[0]:
            held = {oid: each.mode for oid, each in look(other, oids, pid).items()}
            break
        time.sleep(0.0005)
    other.rollback()
    thread.join()
    if raised:
        raise raised[0]
    return held


def _hold(connection: "Connection[tuple[Any, ...]]", table: QName) -> None:
    """Hold a lock that does not conflict with what runs concurrently, but is waited for.

    LOCK TABLE takes no materialized view: there a look, and the snapshot that it was taken with, is waited for.
    """
    relation = qname(table)
    kind = connection.execute(
        "SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass(%s)", [relation]
    ).fetchone()
    if kind == ("m",):
        connection.execute(f"EXPLAIN SELECT FROM {relation}".encode())
    else:
        connection.execute(f"LOCK TABLE {relation} IN ROW EXCLUSIVE MODE")
