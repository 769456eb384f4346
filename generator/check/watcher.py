"""Watches a script while it runs: what each statement leaves locked, read, rewritten and emptied."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from generator.check.pieces import Script, is_control, last_line, said_by
from generator.dialects.postgres.names import qname
from generator.dialects.postgres.split import Piece
from generator.model.check import Observed
from generator.model.plan import LockMode, TableLock
from generator.model.schema import QName
from generator.prove.locks import Look, look, tables_there
from generator.prove.watch_concurrent import watch_concurrent

if TYPE_CHECKING:
    from psycopg import Connection, Error

    from generator.check.meanwhile import Meanwhile
    from generator.server import Database

_QUERY = re.compile(r"(select|insert|update|delete|merge|with|table|values)\b", re.IGNORECASE)
_COMMITS = re.compile(r"\b(?:commit|rollback)\s*;", re.IGNORECASE)


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
        except psycopg.errors.InvalidTransactionTermination as error:
            if within:
                return self._failed(piece, error)
            self.connection.rollback()
            return self._committing(piece)
        except psycopg.errors.ActiveSqlTransaction as error:
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
        return self._observed(piece, error=said_by(error))

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
        taken = _locks({oid: each.mode for oid, each in after.items()}, after, before) + self._of_dropped(before, after)
        kept = _locks({oid: each.mode for oid, each in before.items()}, before)
        there = before.keys() & after.keys()
        written: dict[int, int] = {oid: after[oid].written - before[oid].written for oid in there}
        touched = [oid for oid in there if written[oid] or before[oid].file != after[oid].file]
        empties = {after[oid].name: before[oid].name for oid in touched if self._is_emptied(before[oid], after[oid])}
        blocked = self.meanwhile.cannot((*taken, *kept)) if taken else ()
        if not within:
            self.connection.execute("COMMIT")
        rewritten = [
            before[oid].name
            for oid in there
            if before[oid].file != after[oid].file and before[oid].name not in empties.values()
        ]
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
            empties=tuple(sorted(empties.values())),
            rows=count if count >= 0 and any(written.values()) else None,
            waits=waits,
            blocked=blocked,
        )

    def _committing(self, piece: Piece) -> Observed:
        """What commits by itself: watched without its COMMITs, then run as it is."""
        import psycopg

        without = Piece(sql=_COMMITS.sub("NULL;", piece.sql), start=piece.start, line=piece.line)
        locks: tuple[TableLock, ...] = ()
        unwatched = "it commits by itself, so its locks could not be seen"
        try:
            self.connection.execute("BEGIN")
            before = look(self.connection, self.tables, self.connection.info.backend_pid)
            self.connection.execute(without.sql.encode(), prepare=False)
            after = look(self.connection, self.tables, self.connection.info.backend_pid)
            locks = _locks({oid: each.mode for oid, each in after.items()}, after, before)
            unwatched = "it commits by itself: these are all the locks that it takes, and it gives them back in between"
        except psycopg.Error:
            pass
        self.connection.rollback()
        try:
            self.connection.execute(piece.sql.encode(), prepare=False)
        except psycopg.Error as error:
            return self._failed(piece, error)
        return self._observed(piece, locks=locks, unwatched=unwatched)

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
        empties: tuple[QName, ...] = (),
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
            empties=empties,
            rows=rows,
            in_transaction=within,
            waits=waits,
            blocked=blocked,
            error=error,
            unwatched=unwatched,
        )

    def _of_dropped(self, before: Mapping[int, Look], after: Mapping[int, Look]) -> tuple[TableLock, ...]:
        """The locks on tables that the statement has dropped: they are not in the catalog any more."""
        gone = list(before.keys() - after.keys())
        if not gone:
            return ()
        held = self.connection.execute(
            "SELECT DISTINCT relation::bigint FROM pg_catalog.pg_locks"
            " WHERE pid = pg_catalog.pg_backend_pid() AND mode = 'AccessExclusiveLock' AND relation::bigint = ANY (%s)",
            [gone],
        )
        names = sorted(before[oid].name for (oid,) in held)
        return tuple(TableLock(table=name, mode=LockMode.ACCESS_EXCLUSIVE) for name in names)

    def _is_emptied(self, before: Look, after: Look) -> bool:
        """Whether a table that had rows has none any more."""
        if not self.rows.get(before.name):
            return False
        row = self.connection.execute(f"SELECT EXISTS (SELECT FROM {qname(after.name)})").fetchone()
        return row is not None and not row[0]

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
