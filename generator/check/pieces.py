"""A script as it is run: statement by statement, with what each leaves locked, read and rewritten."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.split import Piece, split
from generator.model.check import Observed
from generator.model.plan import LockMode, TableLock
from generator.model.schema import QName
from generator.prove.locks import Look, look, tables_there
from generator.prove.watch_concurrent import watch_concurrent

if TYPE_CHECKING:
    from psycopg import Connection, Error

    from generator.check.meanwhile import Meanwhile
    from generator.server import Database

_CONTROL = re.compile(r"(begin|start\s+transaction|commit|end|rollback|abort)\b(?!\s+to\b)", re.IGNORECASE)
_QUERY = re.compile(r"(select|insert|update|delete|merge|with|table|values)\b", re.IGNORECASE)
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


def run_plainly(script: Script, connection: "Connection[tuple[Any, ...]]") -> Stop | None:
    """Run it as psql would with ON_ERROR_STOP, each statement in autocommit. None where it went through."""
    import psycopg

    for piece in script.pieces:
        try:
            connection.execute(piece.sql.encode(), prepare=False)
        except psycopg.Error as error:
            if connection.closed:
                raise
            connection.rollback()
            return Stop(piece=piece, error=_said(error))
    connection.rollback()
    return None


def names_made(script: Script, connection: "Connection[tuple[Any, ...]]") -> tuple[Stop | None, dict[QName, Piece]]:
    """Run it, and tell which statement made each relation and constraint that was not there before."""
    import psycopg

    made: dict[QName, Piece] = {}
    there = names_there(connection)
    for piece in script.pieces:
        try:
            connection.execute(piece.sql.encode(), prepare=False)
        except psycopg.Error as error:
            if connection.closed:
                raise
            connection.rollback()
            return Stop(piece=piece, error=_said(error)), made
        now = names_there(connection)
        made.update(dict.fromkeys(now - there, piece))
        there = now
    connection.rollback()
    return None, made


def names_there(connection: "Connection[tuple[Any, ...]]") -> frozenset[QName]:
    """The names of all relations and constraints."""
    return frozenset(QName(*row) for row in connection.execute(_NAMES))


def observe(
    script: Script, database: "Database", rows: Mapping[QName, int], meanwhile: "Meanwhile"
) -> tuple[Observed, ...]:
    """Run it on a database with rows and see what each statement does; the last one has an error where it stopped.

    ``rows`` says how many rows each table has before.
    """
    with database.connect() as connection:
        watcher = _Watcher(script, connection, database, rows, meanwhile)
        seen = []
        for piece in script.pieces:
            seen.append(watcher.run(piece))
            if seen[-1].error:
                break
        connection.rollback()
    return tuple(seen)


class _Watcher:
    def __init__(
        self,
        script: Script,
        connection: "Connection[tuple[Any, ...]]",
        database: "Database",
        rows: Mapping[QName, int],
        meanwhile: "Meanwhile",
    ) -> None:
        self.file = str(script.file)
        self.connection = connection
        self.database = database
        self.rows = rows
        self.meanwhile = meanwhile
        self.tables = tables_there(connection)

    def run(self, piece: Piece) -> Observed:
        import psycopg

        within = self._in_transaction()
        try:
            if is_control(piece):
                self.connection.execute(piece.sql.encode(), prepare=False)
                return self._observed(piece, within=within)
            return self._in_sight(piece, within=within)
        except (psycopg.errors.ActiveSqlTransaction, psycopg.errors.InvalidTransactionTermination) as error:
            if within:
                return self._failed(piece, error)
            self.connection.rollback()
            return self._alone(piece)
        except psycopg.Error as error:
            return self._failed(piece, error)

    def _failed(self, piece: Piece, error: "Error") -> Observed:
        if self.connection.closed:
            raise error
        self.connection.rollback()
        return self._observed(piece, error=_said(error))

    def _in_sight(self, piece: Piece, *, within: bool) -> Observed:
        """In the script's own transaction, or in one that is made for this statement."""
        pid = self.connection.info.backend_pid
        if not within:
            self.connection.execute("BEGIN")
        waits = self.connection.execute("SHOW lock_timeout").fetchone() == ("0",)
        # With few rows a query would read the whole table even where an index leads to what it wants.
        self.connection.execute(f"SET enable_seqscan = {'off' if _QUERY.match(piece.sql) else 'on'}")
        before = look(self.connection, self.tables, pid)
        count = self.connection.execute(piece.sql.encode(), prepare=False).rowcount
        after = look(self.connection, self.tables, pid)
        taken = _locks({oid: each.mode for oid, each in after.items()}, after, before)
        kept = _locks({oid: each.mode for oid, each in before.items()}, before)
        blocked = self.meanwhile.cannot((*taken, *kept)) if taken else ()
        if not within:
            self.connection.execute("COMMIT")
        there = before.keys() & after.keys()
        rewritten = [before[oid].name for oid in there if before[oid].file != after[oid].file]
        written: dict[int, int] = {oid: after[oid].written - before[oid].written for oid in there}
        read = [
            before[oid].name
            for oid in there
            if after[oid].read > before[oid].read or written[oid] >= max(2, self.rows.get(before[oid].name, 0))
        ]
        return self._observed(
            piece,
            within=within,
            locks=taken,
            kept=kept,
            scans=tuple(sorted(read)),
            rewrites=tuple(sorted(rewritten)),
            writes_all=tuple(
                sorted(
                    before[oid].name
                    for oid in there
                    if written[oid] >= max(2, self.rows.get(before[oid].name, 0)) and before[oid].name not in rewritten
                )
            ),
            rows=count if count >= 0 and any(written.values()) else None,
            waits=waits,
            blocked=blocked,
        )

    def _alone(self, piece: Piece) -> Observed:
        """What cannot run in a transaction: watched from outside, while it waits for a writer."""
        import psycopg

        held: dict[int, LockMode | None] | None = None
        unwatched = ""
        named = [look_at.name for look_at in look(self.connection, self.tables, 0).values()]
        about = [name for name in named if re.search(rf"(?<!\w){re.escape(name.name)}(?!\w)", piece.sql)]
        try:
            if re.search(r"\bconcurrently\b", piece.sql, re.IGNORECASE):
                with self.database.connect(autocommit=False) as other:
                    held = watch_concurrent(self.connection, other, piece.sql, about or named, self.tables)
                unwatched = "" if held is not None else "it ended before its locks could be seen"
            else:
                self.connection.execute(piece.sql.encode(), prepare=False)
                unwatched = "it commits by itself, so its locks could not be seen"
        except psycopg.Error as error:
            return self._failed(piece, error)
        now = look(self.connection, self.tables, 0)
        return self._observed(piece, locks=_locks(held or {}, now), unwatched=unwatched)

    def _observed(
        self,
        piece: Piece,
        *,
        within: bool = False,
        locks: tuple[TableLock, ...] = (),
        kept: tuple[TableLock, ...] = (),
        scans: tuple[QName, ...] = (),
        rewrites: tuple[QName, ...] = (),
        writes_all: tuple[QName, ...] = (),
        rows: int | None = None,
        waits: bool = False,
        blocked: tuple[str, ...] = (),
        error: str = "",
        unwatched: str = "",
    ) -> Observed:
        return Observed(
            file=self.file,
            line=piece.line,
            end_line=last_line(piece),
            sql=piece.sql,
            locks=locks,
            kept=kept,
            scans=scans,
            rewrites=rewrites,
            writes_all=writes_all,
            rows=rows,
            in_transaction=within,
            waits=waits,
            blocked=blocked,
            error=error,
            unwatched=unwatched,
        )

    def _in_transaction(self) -> bool:
        from psycopg.pq import TransactionStatus

        return self.connection.info.transaction_status is not TransactionStatus.IDLE


def _locks(
    modes: Mapping[int, LockMode | None], names: Mapping[int, Look], before: Mapping[int, Look] | None = None
) -> tuple[TableLock, ...]:
    """The locks that were not there before; ACCESS SHARE, which stops nobody, is left out."""
    found = []
    for oid, mode in modes.items():
        had = before[oid].mode if before is not None and oid in before else None
        if mode is None or mode is LockMode.ACCESS_SHARE or oid not in names:
            continue
        if before is None or had is None or mode.strength > had.strength:
            found.append(TableLock(table=names[oid].name, mode=mode))
    return tuple(sorted(found, key=lambda lock: (-lock.mode.strength, lock.table)))


def _said(error: "Error") -> str:
    return error.diag.message_primary or str(error).splitlines()[0]


def strongest(locks: Sequence[TableLock]) -> dict[QName, LockMode]:
    """The strongest mode on each table."""
    found: dict[QName, LockMode] = {}
    for lock in locks:
        found[lock.table] = max(found.get(lock.table, lock.mode), lock.mode, key=lambda mode: mode.strength)
    return found
