"""The ways through the stages: forwards with the application at work, and from every stage all the way back."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from generator.model.plan import CannotUndo, Stage
from generator.prove.bench import Bench
from generator.prove.psql import Psql
from generator.prove.state import State

if TYPE_CHECKING:
    from generator.server import Database

FORWARDS = "forwards, stage by stage"
TWICE = "every script run a second time changes nothing"
RESULT = "the catalog equals the new schema's"
BACK = "rolled back from every stage to the very same catalog and rows"
REFUSED = "a rollback that cannot be refuses and changes nothing"
AGAIN = "forwards again after rolling back"

AfterStage = Callable[[Stage, "Database"], None]


def stays_behind(bench: Bench, stages: Sequence[Stage]) -> frozenset[str]:
    """What no rollback of these stages takes away, as ``differences`` names it: values that were added to an enum."""
    return frozenset(
        f"enum {ref.of}"
        for stage in stages
        for step in bench.request.plan.steps_of(stage)
        if isinstance(step.undo, CannotUndo)
        for ref in step.makes
        if ref.kind == "enum value"
    )


def is_final(bench: Bench, stage: Stage) -> bool:
    """Whether there is no way back from a stage: cleanup, where it destroyed something."""
    steps = bench.request.plan.steps_of(stage)
    return stage is Stage.CLEANUP and any(isinstance(step.undo, CannotUndo) for step in steps)


def go_forwards(bench: Bench, after: AfterStage) -> None:
    """Every stage, each script twice; ``after`` is called between the stages; at the end stands the new schema."""
    database = bench.clone()
    with bench.psql() as runner, database.connect() as connection:
        for stage in bench.request.plan.stages:
            file = bench.script(stage)
            bench.request.progress(f"Proving {file}")
            if not bench.run(runner, database, file, FORWARDS, "forwards"):
                return
            bench.report.count(FORWARDS)
            first = bench.state(connection)
            after(stage, database)
            if bench.run(runner, database, file, TWICE, f"{file}, second run"):
                bench.compare(TWICE, f"{file}, second run", file, first, bench.state(connection), connection)
                bench.report.count(TWICE)
        last = bench.state(connection)
        expected = State(schema=bench.request.new, rows={}, helpers=())
        bench.compare(RESULT, "after the last stage", "all scripts", expected, last, connection)
        bench.report.count(RESULT)
        _refuse(bench, runner, database, last)


def _refuse(bench: Bench, runner: Psql, database: "Database", last: State) -> None:
    stage = bench.request.plan.stages[-1]
    if not is_final(bench, stage):
        return
    file = bench.rollback(stage)
    failure = runner.run(database, file)
    if failure is None:
        bench.report.find(REFUSED, file, file, "it stops and says why there is no way back", "it ran to its end")
    with database.connect() as connection:
        bench.compare(REFUSED, file, file, last, bench.state(connection), connection)
    bench.report.count(REFUSED)


def go_back_from(bench: Bench, runner: Psql, database: "Database", stages: Sequence[Stage], *, twice: bool) -> bool:
    """Forwards through ``stages``, then their rollbacks in reverse: all is as it was. False if something was not."""
    check = BACK
    where = f"back from {stages[-1]}"
    for stage in stages:
        if not bench.run(runner, database, bench.script(stage), check, f"{where}, forwards"):
            return False
    with database.connect() as connection:
        for stage in reversed(stages):
            file = bench.rollback(stage)
            if not bench.run(runner, database, file, check, where):
                return False
            if twice:
                first = bench.state(connection)
                if bench.run(runner, database, file, TWICE, f"{file}, second run"):
                    bench.compare(TWICE, f"{file}, second run", file, first, bench.state(connection), connection)
                    bench.report.count(TWICE)
        files = ", ".join(bench.rollback(stage) for stage in reversed(stages))
        seen = bench.state(connection)
        stay = stays_behind(bench, stages)
        back = bench.compare(check, where, files, bench.start, seen, connection, may_stay=stay)
    bench.report.count(check)
    return back


def go_back(bench: Bench) -> None:
    """From every stage all the way back, one after the other in one database; at the end forwards once more."""
    stages = [stage for stage in bench.request.plan.stages if not is_final(bench, stage)]
    database = bench.clone()
    with bench.psql() as runner:
        for last in range(1, len(stages) + 1):
            twice = last == len(stages)
            if not go_back_from(bench, runner, database, stages[:last], twice=twice):
                database = bench.clone()
        for stage in bench.request.plan.stages:
            if not bench.run(runner, database, bench.script(stage), AGAIN, AGAIN):
                return
    with database.connect() as connection:
        expected = State(schema=bench.request.new, rows={}, helpers=())
        bench.compare(AGAIN, AGAIN, "all scripts", expected, bench.state(connection), connection)
    bench.report.count(AGAIN)
