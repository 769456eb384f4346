"""The locks, rewrites and reads of every statement, seen on the server and compared with what the plan declares.

Each action runs in one transaction, as in the scripts; before it ends its locks are read from pg_locks, the tables'
files and read counters are compared with what they were before the statement. Templates that commit by themselves run
here without their COMMITs (and without what only a fresh transaction may set), so that every lock is still held at the
end. What cannot run in a transaction is looked at from a second session, which keeps it waiting with a lock that does
not conflict with the declared ones.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.split import split
from generator.model.plan import Action, LockMode, Pace, Plan, Stage, Statement, Step, TableLock, Undo
from generator.model.proof import Observed
from generator.model.schema import QName
from generator.prove.bench import Bench
from generator.prove.locks import Look, declared_locks, look, tables_there
from generator.prove.passes import is_final
from generator.prove.supplied import supply
from generator.prove.watch_concurrent import watch_concurrent

if TYPE_CHECKING:
    from psycopg import Connection

    from generator.server import Database

LOCKS = "locks, rewrites and scans seen are those declared"

_ENDS = re.compile(r"\b(?:COMMIT|SET TRANSACTION ISOLATION LEVEL [A-Z ]+)\s*;", re.I)


def watch(bench: Bench) -> None:
    """Every statement of every stage, and of every undo."""
    database = bench.clone()
    numbered = _in_order(bench.request.plan)
    steps = [(at, step) for at, step in numbered if not is_final(bench, step.stage)]
    final = [(at, step) for at, step in numbered if is_final(bench, step.stage)]
    watcher = _Watcher(bench, database)
    if not watcher.actions((_Of(at, step), step.run) for at, step in steps):
        return
    if final:
        last = bench.clone(database)
        _Watcher(bench, last, watcher.tables).actions((_Of(at, step), step.run) for at, step in final)
    watcher.actions(
        (_Of(at, step, undo=True), step.undo.actions) for at, step in reversed(steps) if isinstance(step.undo, Undo)
    )


def _in_order(plan: Plan) -> list[tuple[int, Step]]:
    """The steps with their places in the plan, stage by stage."""
    return [(at, step) for stage in plan.stages for at, step in enumerate(plan.steps) if step.stage is stage]


@dataclass(frozen=True, slots=True)
class _Of:
    """Which step an action belongs to, and which of its actions it is."""

    at: int
    step: Step
    undo: bool = False
    action: int = 0


class _Watcher:
    def __init__(self, bench: Bench, database: "Database", tables: tuple[int, ...] | None = None) -> None:
        self.bench = bench
        self.database = database
        self.tables = tables
        self.filled = {name for name, (count, _) in bench.start.rows.items() if count}

    def actions(self, steps: Iterable[tuple[_Of, Sequence[Action]]]) -> bool:
        """Run and watch; False where a statement failed, so that nothing more can be seen."""
        import psycopg

        with self.database.connect() as connection, self.database.connect(superuser=True) as superuser:
            for each in (connection, superuser):
                each.execute("SET search_path = ''")  # as in the scripts
                if self.bench.request.prelude:
                    each.execute(self.bench.request.prelude.encode())
            if self.tables is None:
                self.tables = tables_there(connection)
            for of, actions in steps:
                if self.bench.supplies and of.step.stage is not Stage.EXPAND and not of.undo:
                    supply(connection, self.bench.supplies)
                for number, action in enumerate(actions):
                    may = not action.right or _is_true(connection, action.right)
                    try:
                        self._action(connection if may else superuser, replace(of, action=number), action)
                    except (psycopg.errors.ActiveSqlTransaction, psycopg.errors.InvalidTransactionTermination):
                        self._unwatched(connection, action)
                    except psycopg.Error as error:
                        if connection.closed:
                            raise
                        self.bench.report.find(
                            LOCKS, of.step.purpose, self._text(action.statements), "runs", str(error).splitlines()[0]
                        )
                        return False
        return True

    def _action(self, connection: "Connection[tuple[Any, ...]]", of: _Of, action: Action) -> None:
        if _is_true(connection, action.done):
            return
        if any(statement.pace is Pace.CONCURRENT for statement in action.statements):
            for number, statement in enumerate(action.statements):
                self._concurrent(connection, of, number, statement)
        else:
            self._transaction(connection, of, action)
        if action.statements[-1].pace is not Pace.SCRIPT and not _is_true(connection, action.done):
            text = self._text(action.statements)
            self.bench.report.find(
                LOCKS, of.step.purpose, text, f"afterwards it is seen to be done: {action.done}", "not so"
            )

    def _unwatched(self, connection: "Connection[tuple[Any, ...]]", action: Action) -> None:
        """A template of somebody's own which cannot be held in one transaction: it is run, and that is said."""
        for statement in action.statements:
            for piece in split(self.bench.request.render_statement(statement)):
                self.bench.report.note(f"its locks could not be watched, since it commits by itself: {piece.head}")
                connection.execute(piece.sql.encode())

    def _transaction(self, connection: "Connection[tuple[Any, ...]]", of: _Of, action: Action) -> None:
        assert self.tables is not None
        pid = connection.info.backend_pid
        with connection.transaction():
            first = before = look(connection, self.tables, pid)
            for number, statement in enumerate(action.statements):
                text = self.bench.request.render_statement(statement)
                connection.execute(_ENDS.sub("NULL;", text) if statement.pace is Pace.SCRIPT else text)
                after = look(connection, self.tables, pid)
                declared = declared_locks(action.statements[: number + 1])
                names = _names(first, before, after)
                self._judge(of.step, statement, text, declared, names, before, after)
                self._observe(of, number, statement, names, before, after)
                before = after

    def _judge(
        self,
        step: Step,
        statement: Statement,
        text: str,
        declared: Mapping[QName, LockMode],
        names: Mapping[int, frozenset[QName]],
        before: Mapping[int, Look],
        after: Mapping[int, Look],
    ) -> None:
        """``declared`` are the locks of this statement and of those before it in the transaction, as are the seen.

        ``names`` are all that a table has had in it.
        """
        locks = {oid: each.mode for oid, each in after.items()}
        if statement.pace is Pace.SCRIPT and statement.scans and not self._has_rows(statement.scans[0], names):
            # A script that fills a table without rows has nothing to look up elsewhere.
            locks = {oid: mode for oid, mode in locks.items() if mode is not None}
        self._compare_locks(step, text, declared, locks, names)
        if statement.pace is Pace.SCRIPT:
            # How a query gets at its rows is the planner's choice, by the size of the tables.
            return
        rewritten, read = _rewritten(before, after), _read(before, after)
        touched = {oid for oid in before.keys() & after.keys() if after[oid].index_scans > before[oid].index_scans}
        self._compare(step, text, "rewrites", statement.rewrites, rewritten, rewritten, names)
        self._compare(step, text, "reads all rows of", statement.scans, read, read | touched | rewritten, names)
        if statement.pace is Pace.INSTANT and (rewritten or read):
            what = ", ".join(sorted(str(after[oid].name) for oid in rewritten | read))
            self.bench.report.find(
                LOCKS, step.purpose, text, "touches no rows, as it is run as an instant statement", what
            )

    def _observe(
        self,
        of: _Of,
        number: int,
        statement: Statement,
        names: Mapping[int, frozenset[QName]],
        before: Mapping[int, Look],
        after: Mapping[int, Look],
    ) -> None:
        """Keep what was seen, under the names by which the statement knows its tables."""
        known = {*(lock.table for lock in statement.locks), *statement.scans, *statement.rewrites}
        called = {oid: min(each & known or each) for oid, each in names.items()}
        held = {called[oid]: each.mode for oid, each in after.items() if each.mode is not None}
        reads = statement.pace not in (Pace.SCRIPT, Pace.CONCURRENT)
        self.bench.report.observed.append(
            Observed(
                step=of.at,
                action=of.action,
                statement=number,
                undo=of.undo,
                locks=tuple(TableLock(table=table, mode=mode) for table, mode in sorted(held.items())),
                reads=reads,
                scans=tuple(sorted(called[oid] for oid in _read(before, after))) if reads else (),
                rewrites=tuple(sorted(called[oid] for oid in _rewritten(before, after))) if reads else (),
            )
        )

    def _has_rows(self, table: QName, names: Mapping[int, frozenset[QName]]) -> bool:
        return any(table in called and called & self.filled for called in names.values())

    def _compare_locks(
        self,
        step: Step,
        text: str,
        declared: Mapping[QName, LockMode],
        seen: Mapping[int, LockMode | None],
        names: Mapping[int, frozenset[QName]],
    ) -> None:
        self.bench.report.count(LOCKS)
        known = frozenset().union(*names.values()) if names else frozenset()
        wanted = {table: mode for table, mode in declared.items() if table in known}
        wrong = []
        for oid, mode in seen.items():
            expected = next((wanted[name] for name in sorted(names[oid]) if name in wanted), None)
            if mode is not expected and not (expected is None and mode is LockMode.ACCESS_SHARE):
                wrong.append(f"{min(names[oid])}: {mode.value if mode is not None else 'no lock'}")
        if wrong:
            said = ", ".join(f"{table}: {mode.value}" for table, mode in wanted.items()) or "no lock"
            self.bench.report.find(LOCKS, step.purpose, text, said, ", ".join(wrong))

    def _compare(
        self,
        step: Step,
        text: str,
        what: str,
        declared: Sequence[QName],
        seen: set[int],
        seen_somehow: set[int],
        names: Mapping[int, frozenset[QName]],
    ) -> None:
        """``seen_somehow`` also counts what was read through an index, where the planner chose so."""
        # Of tables that are joined the later ones are not read where the first has no row for them.
        missing = [
            table
            for oid, called in names.items()
            for table in declared[:1]
            if table in called and oid not in seen_somehow and called & self.filled
        ]
        extra = [min(names[oid]) for oid in seen if not names[oid] & set(declared)]
        # One of several that it does not read may have nothing to join with.
        for table in missing if len(missing) == len(declared) else ():
            self.bench.report.find(LOCKS, step.purpose, text, f"{what} {table}, as declared", "it does not")
        for table in extra:
            self.bench.report.find(LOCKS, step.purpose, text, f"does not declare that it {what} {table}", "it does")

    def _concurrent(
        self, connection: "Connection[tuple[Any, ...]]", of: _Of, number: int, statement: Statement
    ) -> None:
        assert self.tables is not None
        text = self.bench.request.render_statement(statement)
        before = look(connection, self.tables, 0)
        declared = declared_locks((statement,))
        there = {each.name for each in before.values()}
        with self.database.connect(autocommit=False) as other:
            held = watch_concurrent(
                connection, other, text, [table for table in declared if table in there], self.tables
            )
        if held is None:
            self.bench.report.note(f"not watched, since it ended at once: {text}")
        else:
            names = _names(before, look(connection, self.tables, 0))
            self._compare_locks(of.step, text, declared, held, names)
            seen = {oid: replace(each, mode=held[oid]) for oid, each in before.items() if oid in held}
            self._observe(of, number, statement, names, before, seen)

    def _text(self, statements: Sequence[Statement]) -> str:
        return "; ".join(self.bench.request.render_statement(statement) for statement in statements)


def _rewritten(before: Mapping[int, Look], after: Mapping[int, Look]) -> set[int]:
    return {oid for oid in before.keys() & after.keys() if before[oid].file != after[oid].file}


def _read(before: Mapping[int, Look], after: Mapping[int, Look]) -> set[int]:
    return {oid for oid in before.keys() & after.keys() if after[oid].read > before[oid].read}


def _names(*looks: Mapping[int, Look]) -> dict[int, frozenset[QName]]:
    return {oid: frozenset(each[oid].name for each in looks if oid in each) for oid in frozenset().union(*looks)}


def _is_true(connection: "Connection[tuple[Any, ...]]", expression: str) -> bool:
    row = connection.execute(f"SELECT {expression}").fetchone()
    return row is not None and bool(row[0])
