"""Where the parts of the proof work: databases with the old schema and rows, and the scripts to run in them."""

from collections import deque
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.model.plan import Stage
from generator.model.schema import QName
from generator.prove.administrator import asks_for_superuser, run_next
from generator.prove.likeness import Node
from generator.prove.psql import Failure, Psql
from generator.prove.report import Report
from generator.prove.request import ProofRequest
from generator.prove.state import State, capture, differences, rows_seen
from generator.prove.supplied import Supplies, supply
from generator.prove.user_rows import Runner
from generator.prove.without_psql import WithoutPsql

if TYPE_CHECKING:
    from psycopg import Connection

    from generator.server import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """``seeded`` holds the old schema with rows, whose state is ``start``; everything runs in clones of it.

    ``lost`` are columns whose values the plan says it cannot bring back: they are not compared. ``ready`` are clones
    made beforehand: making one writes out what every other database has changed, and so takes longer later.
    ``supplies`` are rows of new tables, made behind expand.
    """

    request: ProofRequest
    seeded: "Database"
    start: State
    folder: Path
    report: Report
    lost: frozenset[Node] = frozenset()
    ready: "deque[Database]" = field(default_factory=deque)
    supplies: Supplies = ()

    def psql(self) -> AbstractContextManager[Runner]:
        """A runner for the scripts, for one thread."""
        return make_runner(self.request, self.folder)

    def clone(self, template: "Database | None" = None) -> "Database":
        """A database of its own: a clone of the seeded one, or of ``template``."""
        if template is None and self.ready:
            with suppress(IndexError):
                return self.ready.popleft()
        return self.request.server.create_database(template if template is not None else self.seeded)

    def state(self, connection: "Connection[tuple[Any, ...]]") -> State:
        """What a database holds now."""
        return capture(connection, self.request.read, self.lost)

    def script(self, stage: Stage) -> str:
        """The name of a stage's script."""
        return f"{stage.number:02d}_{stage}.sql"

    def rollback(self, stage: Stage) -> str:
        """The name of the script that undoes a stage."""
        return f"{stage.number:02d}_{stage}.rollback.sql"

    def run(self, runner: Runner, database: "Database", file: str, check: str, where: str) -> bool:
        """Run a script which has to go through; what stops it is a finding."""
        failure = runner.run(database, file)
        while failure is not None and asks_for_superuser(failure) and run_next(self.request, database, file):
            failure = runner.run(database, file)
        if failure is None:
            if self.supplies and file == self.script(Stage.EXPAND):
                with database.connect() as connection:
                    supply(connection, self.supplies)
            return True
        self.report.find(check, where, self.statement_at(failure), f"{file} runs to its end", said(failure))
        return False

    def statement_at(self, failure: Failure) -> str:
        """The lines of a script around the one that psql names: the statement ends there."""
        lines = self.request.scripts[failure.file].splitlines()
        if not failure.line:
            return failure.file
        return f"{failure.file}:{failure.line}: {lines[min(failure.line, len(lines)) - 1].strip()}"

    def compare(
        self,
        check: str,
        where: str,
        statement: str,
        expected: State,
        seen: State,
        connection: "Connection[tuple[Any, ...]]",
        *,
        may_stay: frozenset[str] = frozenset(),
    ) -> bool:
        """A finding for each thing that differs between two states, but for the enums named in ``may_stay``."""
        report = self.report
        before = len(report.findings)
        for what, wanted, got in differences(expected.schema, seen.schema):
            if what not in may_stay:
                report.find(check, f"{where}: {what}", statement, wanted, got)
        for name, (count, digest) in expected.rows.items():
            now = seen.rows.get(name)
            if now is not None and now != (count, digest):
                report.find(
                    check,
                    f"{where}: rows of {name}",
                    statement,
                    f"{count} rows, all as they were",
                    self._changed(name, now[0], expected, connection),
                )
        for helper in sorted(set(seen.helpers) - set(expected.helpers)):
            report.find(check, where, statement, "nothing of the migration's own is left", helper)
        return len(report.findings) == before

    def _changed(self, name: QName, count: int, expected: State, connection: "Connection[tuple[Any, ...]]") -> str:
        """Which rows are not what they were, where the start of it all is what was expected."""
        if expected is not self.start:
            return f"{count} rows, not all as they were"
        table = self.start.schema.table(name)
        with self.seeded.connect() as other:
            before = rows_seen(other, table)
        now = rows_seen(connection, table)
        gone = [row for row in before if row not in now]
        more = [row for row in now if row not in before]
        return f"{count} rows; gone: {', '.join(gone[:3]) or '-'}; new: {', '.join(more[:3]) or '-'}"


def make_runner(request: ProofRequest, folder: Path) -> AbstractContextManager[Runner]:
    """What runs the files of a folder: psql where there is one."""
    return runner_for(request.server.psql, folder)


def runner_for(psql: Path | None, folder: Path) -> AbstractContextManager[Runner]:
    """What runs the files of a folder, each in a session of its own: the ``psql`` given, or the driver."""
    return Psql(psql, folder) if psql is not None else WithoutPsql(folder)


def said(failure: Failure) -> str:
    """What psql printed from the error on."""
    lines = failure.output.splitlines()
    start = next((number for number, line in enumerate(lines) if failure.error and failure.error in line), 0)
    return "\n".join(lines[start : start + 8]) or "psql ended without a word"
