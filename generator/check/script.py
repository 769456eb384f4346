"""Any script on the schema that it starts from: what each statement locks, reads and rewrites, and what breaks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from generator.check.judge import Judge
from generator.check.losses import judge_losses, judge_unfinished
from generator.check.meanwhile import Meanwhile, stops_writes
from generator.check.of_plan import in_brief
from generator.check.of_script import judge_observed, judge_stop, judge_versions
from generator.check.pieces import Script, Stop, is_unfinished, last_line, names_made, run_plainly
from generator.check.request import CheckRequest
from generator.check.results import judge_result
from generator.check.scene import Scene, set_scene
from generator.check.watcher import observe
from generator.model.check import Check, Observed, Place
from generator.pipeline import Prepared, plan_between
from generator.prove.attempts import Attempt, outcomes
from generator.prove.dirty import dirt_of
from generator.sides import Side

if TYPE_CHECKING:
    from psycopg import Connection

    from generator.dialects.postgres.split import Piece
    from generator.model.schema import QName
    from generator.server import Database


def check_script(wanted: CheckRequest, prepared: Prepared, judge: Judge, progress: Callable[[str], None]) -> Check:
    """Run it without rows, on rows that OLD allows, on dirty rows, and under observation. Raises BadInput."""
    from generator.load.sql_files import read_sql

    assert wanted.script is not None
    script = Script(file=wanted.script, text=read_sql(wanted.script), one=wanted.one_transaction)
    progress("Running the script without rows")
    stop, after, made = _without_rows(script, prepared)
    if stop is not None:
        judge_stop(judge, script, stop, "", rows=False)
        return _told(wanted, prepared, judge)
    planned = plan_between(prepared.old, after, prepared.answers, prepared.major)
    progress("Making rows")
    scene = set_scene(prepared, after, planned, wanted.request.rows)
    progress("Running the script on rows")
    for with_rows, stopped in _on_other_rows(script, prepared, scene):
        judge_stop(judge, script, stopped, with_rows)
    database = prepared.server.create_database(scene.seeded)
    with database.connect() as other:
        old_attempts = tuple(scene.old.attempts())
        old_works = _working(other, old_attempts)
        new = tuple(scene.new.attempts())
        # What neither version can do is no matter of the change: a row that others refer to.
        neither = {each.what for each in old_attempts} - {each.what for each in old_works}
        new_before = {each.what for each in _working(other, new)} | neither
        observed = observe(script, database, scene.rows, Meanwhile(other, old_works))
        judge_observed(judge, script, observed)
        if observed and not observed[-1].error:
            other.execute("SET lock_timeout = 0")
            judge_versions(judge, script, other, old_works, [each for each in new if each.what not in new_before])
    if wanted.new_known:
        file = str(script.file)
        places = {name: Place(file=file, line=piece.line, end_line=last_line(piece)) for name, piece in made.items()}
        judge_result(judge, prepared.new.schema, after.schema, places, Place(file=file, line=1), "the script")
    notes = [*scene.notes, *planned.notes, *_unseen(observed, scene)]
    if is_unfinished(script):
        judge_unfinished(judge, script)
    if planned.plan is None:
        judge_losses(judge, script, planned.questions)
        notes += [f"The staged form asks first: {each.text}" for each in planned.questions]
        notes += [
            f"The staged form is refused: {each.what.rstrip('.')}: {each.because.rstrip('.')}."
            for each in planned.refusals
        ]
    return replace(
        _told(wanted, prepared, judge),
        changes=planned.plan.changes if planned.plan else (),
        stages=in_brief(planned.plan) if planned.plan else (),
        observed=observed,
        notes=tuple(notes),
    )


def _told(wanted: CheckRequest, prepared: Prepared, judge: Judge) -> Check:
    return Check(
        subject=f"{wanted.script} on {wanted.request.old}",
        server_version=prepared.server.version,
        findings=judge.sorted(),
        command=wanted.command,
    )


def _without_rows(script: Script, prepared: Prepared) -> "tuple[Stop | None, Side, Mapping[QName, Piece]]":
    from generator.dialects.postgres.catalog import read_schema

    database = prepared.server.create_database(prepared.old.database)
    with database.connect() as connection:
        stop, made = names_made(script, connection)
        schema = read_schema(connection, prepared.old.owned) if stop is None else prepared.old.schema
    return stop, replace(prepared.old, schema=schema, database=database), made


def _on_other_rows(script: Script, prepared: Prepared, scene: Scene) -> "list[tuple[str, Stop]]":
    """With which rows it stops, and where: those that OLD alone asks for, then each sort of dirty ones."""
    found = []
    if scene.freely is not None:
        with _clone(prepared, scene.freely).connect() as connection:
            stop = run_plainly(script, connection)
        if stop is not None:
            found.append(("rows as OLD allows them", stop))
    for filling in scene.fillings:
        with scene.seeded.connect() as connection:
            dirts = tuple(dirt_of(scene.old, filling, connection))
        for dirt in dirts:
            with _clone(prepared, scene.seeded).connect() as connection:
                if not _made_dirty(connection, dirt.make):
                    continue
                stop = run_plainly(script, connection)
            if stop is not None:
                found.append((dirt.what, stop))
    return found


def _unseen(observed: tuple[Observed, ...], scene: Scene) -> list[str]:
    """Tables that were locked and had no row, so that nothing could be seen to be read or rewritten."""
    locked = {lock.table for each in observed for lock in each.locks if stops_writes(lock)}
    empty = sorted(str(table) for table in locked if not scene.rows.get(table))
    if not empty:
        return []
    return [f"{', '.join(empty)} had no rows, so a scan or a rewrite could not be seen: give some with --rows."]


def _clone(prepared: Prepared, database: "Database") -> "Database":
    return prepared.server.create_database(database)


def _made_dirty(connection: "Connection[tuple[Any, ...]]", statements: tuple[str, ...]) -> bool:
    """Whether the old schema allows such rows."""
    import psycopg

    try:
        with connection.transaction():
            for statement in statements:
                connection.execute(statement.encode())
    except psycopg.Error:
        return False
    return True


def _working(connection: "Connection[tuple[Any, ...]]", attempts: tuple[Attempt, ...]) -> list[Attempt]:
    seen = outcomes(connection, attempts)
    return [attempt for attempt, outcome in zip(attempts, seen, strict=True) if not outcome.error]
