"""The ways through the stages: forwards with the application at work, and from every stage all the way back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from generator.model.plan import CannotUndo, Stage
from generator.model.proof import Verified
from generator.prove.bench import Bench
from generator.prove.state import State
from generator.prove.trace import trace
from generator.prove.user_rows import Runner
from generator.render.scripts import states_of

if TYPE_CHECKING:
    from psycopg import Connection

    from generator.server import Database

FORWARDS = "forwards, stage by stage"
TWICE = "every script run a second time changes nothing"
RESULT = "the catalog equals the new schema's"
BACK = "rolled back from every stage to the very same catalog and rows"
REFUSED = "a rollback that cannot be refuses and changes nothing"
LOOKS = "verify.sql only looks"
VERIFY = "verify.sql"
AGAIN = "forwards again after rolling back"


class AtWork(Protocol):
    """The application, which is at work before the first stage and after each."""

    def before(self, connection: "Connection[tuple[Any, ...]]") -> None:
        """In the untouched database."""

    def after(self, stage: Stage, connection: "Connection[tuple[Any, ...]]") -> None:
        """Between this stage and the next."""


def stays_behind(bench: Bench, stages: Sequence[Stage]) -> frozenset[str]:
    """What no rollback of these stages takes away, as ``differences`` names it: enums' values, extensions' versions."""
    named = {"enum value": "enum {}", "extension version": "extension {}, version"}
    return frozenset(
        named[ref.kind].format(ref.of if ref.kind == "enum value" else ref.of.name)
        for stage in stages
        for step in bench.request.plan.steps_of(stage)
        if isinstance(step.undo, CannotUndo)
        for ref in step.makes
        if ref.kind in named
    )


def is_final(bench: Bench, stage: Stage) -> bool:
    """Whether there is no way back from a stage: cleanup, where it destroyed something."""
    steps = bench.request.plan.steps_of(stage)
    return stage is Stage.CLEANUP and any(isinstance(step.undo, CannotUndo) for step in steps)


def go_forwards(bench: Bench, application: AtWork) -> None:
    """Every stage, each script twice, the application at work in between; the new schema at the end; and back again."""
    ran: list[str] = []
    database = bench.clone()
    with bench.psql() as runner, database.connect() as connection:
        application.before(connection)
        _verify(bench, connection, None)
        for stage in bench.request.plan.stages:
            file = bench.script(stage)
            bench.request.progress(f"Proving {file}")
            if not bench.run(runner, database, file, FORWARDS, "forwards"):
                return
            bench.report.count(FORWARDS)
            ran.append(file)
            application.after(stage, connection)
            _verify(bench, connection, stage)
            _again(bench, runner, database, connection, ran)
        _compare_result(bench, RESULT, connection)
        _only_looks(bench, runner, database, connection)
        if is_final(bench, bench.request.plan.stages[-1]):
            _refuse(bench, runner, database, connection)
        else:
            _go_back_through(bench, runner, database, connection, bench.request.plan.stages, twice=True)


def _verify(bench: Bench, connection: "Connection[tuple[Any, ...]]", stage: Stage | None) -> None:
    """What verify.sql says here, by its own probes; what they need is gone again afterwards."""
    probes = [probe for _, _, probe in states_of(bench.request.plan)]
    if not probes:
        return
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL search_path = ''")
        if bench.request.prelude:
            connection.execute(bench.request.prelude.encode())
        said = connection.execute(f"SELECT ARRAY[{', '.join(f'({probe})' for probe in probes)}]".encode()).fetchone()
    assert said is not None
    bench.report.verified.append(Verified(stage=stage, done=tuple(each is True for each in said[0])))


def _only_looks(bench: Bench, runner: Runner, database: "Database", connection: "Connection[tuple[Any, ...]]") -> None:
    if VERIFY not in bench.request.scripts:
        return
    first = trace(connection)
    if bench.run(runner, database, VERIFY, LOOKS, VERIFY) and trace(connection) != first:
        bench.report.find(LOOKS, VERIFY, VERIFY, "it only looks", "the catalog or rows changed")
    bench.report.count(LOOKS)


def _again(
    bench: Bench, runner: Runner, database: "Database", connection: "Connection[tuple[Any, ...]]", ran: Sequence[str]
) -> None:
    """Run the last of the scripts that ran a second time: nothing may change."""
    file, where = ran[-1], f"{ran[-1]}, second run"
    first = trace(connection)
    if not bench.run(runner, database, file, TWICE, where):
        return
    bench.report.count(TWICE)
    second = trace(connection)
    if first.rows != second.rows:
        names = [
            str(name)
            for name in first.rows.keys() | second.rows.keys()
            if first.rows.get(name) != second.rows.get(name)
        ]
        bench.report.find(TWICE, where, file, "no row is changed", f"rows of {', '.join(sorted(names))} changed")
    if first.catalog != second.catalog:
        _again_at_leisure(bench, runner, ran)


def _again_at_leisure(bench: Bench, runner: Runner, ran: Sequence[str]) -> None:
    """The second run wrote to the catalog: whether it is another one, or the same written anew, is read as a whole."""
    file, where = ran[-1], f"{ran[-1]}, second run"
    database = bench.clone()
    for each in ran:
        if not bench.run(runner, database, each, TWICE, where):
            return
    with database.connect() as connection:
        first = bench.state(connection)
        if bench.run(runner, database, file, TWICE, where):
            bench.compare(TWICE, where, file, first, bench.state(connection), connection)


def _compare_result(bench: Bench, check: str, connection: "Connection[tuple[Any, ...]]") -> None:
    expected = State(schema=bench.request.new, rows={}, helpers=())
    bench.compare(check, "after the last stage", "all scripts", expected, bench.state(connection), connection)
    bench.report.count(check)


def _refuse(bench: Bench, runner: Runner, database: "Database", connection: "Connection[tuple[Any, ...]]") -> None:
    stage = bench.request.plan.stages[-1]
    file = bench.rollback(stage)
    first = trace(connection)
    if runner.run(database, file) is None:
        bench.report.find(REFUSED, file, file, "it stops and says why there is no way back", "it ran to its end")
    if trace(connection) != first:
        bench.report.find(REFUSED, file, file, "nothing is changed", "the catalog or rows changed")
    bench.report.count(REFUSED)


def go_back(bench: Bench) -> None:
    """From every stage but the last all the way back, in one database; then forwards once more, to the end.

    From the last one ``go_forwards`` goes back, unless there is no way back from it.
    """
    stages = bench.request.plan.stages
    left = list(range(1, len(stages)))
    with bench.psql() as runner:
        while True:
            database = bench.clone()
            # One connection for all: what the server has cached for it makes reading the catalog twice as fast.
            with database.connect() as connection:
                while left:
                    some = stages[: left.pop(0)]
                    twice = not left and is_final(bench, stages[-1])
                    if not _go_back_from(bench, runner, database, connection, some, twice=twice):
                        break
                else:
                    _go_again(bench, runner, database, connection)
                    return
            runner.leave()


def _go_again(bench: Bench, runner: Runner, database: "Database", connection: "Connection[tuple[Any, ...]]") -> None:
    for stage in bench.request.plan.stages:
        if not bench.run(runner, database, bench.script(stage), AGAIN, AGAIN):
            return
    _compare_result(bench, AGAIN, connection)


def _go_back_from(
    bench: Bench,
    runner: Runner,
    database: "Database",
    connection: "Connection[tuple[Any, ...]]",
    stages: Sequence[Stage],
    *,
    twice: bool,
) -> bool:
    for stage in stages:
        if not bench.run(runner, database, bench.script(stage), BACK, f"back from {stages[-1]}, forwards"):
            return False
    return _go_back_through(bench, runner, database, connection, stages, twice=twice)


def _go_back_through(
    bench: Bench,
    runner: Runner,
    database: "Database",
    connection: "Connection[tuple[Any, ...]]",
    stages: Sequence[Stage],
    *,
    twice: bool,
) -> bool:
    """The rollbacks of the stages that ran, in reverse: all is as it was. False if something was not."""
    where = f"back from {stages[-1]}"
    ran = [bench.script(stage) for stage in stages]
    for stage in reversed(stages):
        ran.append(bench.rollback(stage))
        if not bench.run(runner, database, ran[-1], BACK, where):
            return False
        if twice:
            _again(bench, runner, database, connection, ran)
    files = ", ".join(bench.rollback(stage) for stage in reversed(stages))
    seen, stay = bench.state(connection), stays_behind(bench, stages)
    bench.report.count(BACK)
    return bench.compare(BACK, where, files, bench.start, seen, connection, may_stay=stay)
