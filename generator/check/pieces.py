"""A script as it is run: its statements, one after the other, each in autocommit where it has no transaction."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.split import Piece, split
from generator.model.plan import LockMode, TableLock
from generator.model.schema import QName

if TYPE_CHECKING:
    from psycopg import Connection, Error


_CONTROL = re.compile(r"(begin|start\s+transaction|commit|end|rollback|abort)\b(?!\s+to\b)", re.IGNORECASE)
_NAMES = """
SELECT n.nspname, c.conname FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
UNION SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script's text and where it stands. ``one`` has it run in one transaction, as many runners do it."""

    file: Path
    text: str
    one: bool = False

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Its statements; with ``one`` between a BEGIN and a COMMIT of ours, on the lines beside them."""
        found = split(self.text)
        if not self.one or not found:
            return found
        own = [piece for piece in found if not _CONTROL.fullmatch(piece.sql)]
        ends = (Piece(sql="BEGIN", start=0, line=found[0].line), Piece(sql="COMMIT", start=0, line=found[-1].line))
        return (ends[0], *own, ends[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where a script stopped, and what the server said."""

    piece: Piece
    error: str


def last_line(piece: Piece) -> int:
    """The line on which a statement ends."""
    return piece.line + piece.sql.count("\n")


def is_control(piece: Piece) -> bool:
    """Whether it only begins or ends a transaction."""
    return bool(_CONTROL.match(piece.sql))


def is_unfinished(script: Script) -> bool:
    """Whether it ends inside of a transaction that it began."""
    controls = [piece.sql.split()[0].lower() for piece in script.pieces if is_control(piece)]
    return bool(controls) and controls[-1] in ("begin", "start")


def run_plainly(
    script: Script, connection: "Connection[tuple[Any, ...]]", after: Callable[[Piece], None] = lambda _piece: None
) -> Stop | None:
    """Run it as psql would with ON_ERROR_STOP, each statement in autocommit. None where it went through.

    ``after`` is told of each statement that did.
    """
    import psycopg

    for piece in script.pieces:
        try:
            connection.execute(piece.sql.encode(), prepare=False)
        except psycopg.Error as error:
            if connection.closed:
                raise
            connection.rollback()
            return Stop(piece=piece, error=said_by(error))
        after(piece)
    connection.rollback()
    return None


def names_made(script: Script, connection: "Connection[tuple[Any, ...]]") -> tuple[Stop | None, dict[QName, Piece]]:
    """Run it, and tell which statement made each relation and constraint that was not there before."""
    made: dict[QName, Piece] = {}
    there = names_there(connection)

    def note(piece: Piece) -> None:
        nonlocal there
        now = names_there(connection)
        made.update(dict.fromkeys(now - there, piece))
        there = now

    return run_plainly(script, connection, note), made


def names_there(connection: "Connection[tuple[Any, ...]]") -> frozenset[QName]:
    """The names of all relations and constraints."""
    return frozenset(QName(*row) for row in connection.execute(_NAMES))


def said_by(error: "Error") -> str:
    """What the server said, in one line."""
    return error.diag.message_primary or str(error).splitlines()[0]


def strongest(locks: Sequence[TableLock]) -> dict[QName, LockMode]:
    """The strongest mode on each table."""
    found: dict[QName, LockMode] = {}
    for lock in locks:
        found[lock.table] = max(found.get(lock.table, lock.mode), lock.mode, key=lambda mode: mode.strength)
    return found
