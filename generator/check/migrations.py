"""Whether committed migrations, run on OLD, end exactly in NEW; whether they can be run twice, and lead back."""

import re
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from generator.check.files import Migration, edited, read_migrations
from generator.check.judge import Judge
from generator.check.pieces import names_there
from generator.check.results import judge_result
from generator.check.scene import Scene, set_scene
from generator.dialects.postgres.catalog import read_schema
from generator.model.check import Place
from generator.model.plan import CannotUndo, Plan
from generator.model.schema import QName
from generator.pipeline import Outcome, Prepared
from generator.prove.administrator import run_told
from generator.prove.bench import runner_for
from generator.prove.likeness import Node
from generator.prove.psql import Failure
from generator.prove.state import State, capture, differences
from generator.prove.subjects import lost_columns
from generator.prove.user_rows import Runner

if TYPE_CHECKING:
    from generator.server import Database

_BY_HAND = "Correct it, or have gen-migration write the migration anew."


def check_migrations(
    judge: Judge,
    prepared: Prepared,
    planned: Outcome,
    paths: Sequence[Path],
    rows: Path | None,
    progress: Callable[[str], None],
) -> tuple[str, ...]:
    """Findings about the files; sentences on what is as it should be. Raises BadInput."""
    migrations = read_migrations(paths)
    changed = bool(differences(prepared.new.schema, prepared.old.schema))
    if not migrations:
        if changed:
            _missing(judge, planned, paths, "there is no migration in")
            return ()
        return ("Nothing changes, and there is no migration.",)
    for file in edited(migrations):
        judge.find(
            "migration-edited",
            f"{file.name} is not as gen-migration wrote it.",
            effect="What its plan.json and its review say need not hold for it any more.",
            way_out="Keep it if that is meant: it was run as it is.",
            where=Place(file=str(file), line=1),
        )
    scene = set_scene(prepared, prepared.new, planned, rows)
    with tempfile.TemporaryDirectory(prefix="gen-migration-check-") as folder:
        run = _Run(judge, prepared, planned.plan, scene, progress, Path(folder))
        return run.all(migrations, changed, planned, paths)


class _Run:
    def __init__(
        self,
        judge: Judge,
        prepared: Prepared,
        plan: Plan | None,
        scene: Scene,
        progress: Callable[[str], None],
        folder: Path,
    ) -> None:
        self.folder = folder
        self.judge = judge
        self.prepared = prepared
        self.plan = plan
        self.scene = scene
        self.progress = progress
        self.lost: frozenset[Node] = lost_columns(plan, prepared.old.schema) if plan is not None else frozenset()

    def all(
        self, migrations: Sequence[Migration], changed: bool, planned: Outcome, paths: Sequence[Path]
    ) -> tuple[str, ...]:
        before = len(self.judge.findings)
        database = self._clone(self.scene.seeded)
        states, made = [self._state(database)], {}
        with self._runner() as runner:
            for migration in migrations:
                self.progress(f"Running {migration.file.name}")
                there = self._names(database)
                if not self._forwards(runner, database, migration):
                    return ()
                made.update(dict.fromkeys(self._names(database) - there, Place(file=str(migration.file), line=1)))
                runner.leave()
                states.append(self._state(database))
                self._again(runner, database, migration)
            seen = states[-1].schema
            if changed and not differences(states[0].schema, seen):
                _missing(self.judge, planned, paths, "nothing is changed by")
            else:
                last = Place(file=str(migrations[-1].file), line=1)
                judge_result(self.judge, self.prepared.new.schema, seen, made, last, "the migration")
            self._back(runner, database, migrations, states)
            runner.leave()
        if any(finding.fails for finding in self.judge.findings[before:]):
            return ()
        return (
            f"The migrations ({len(migrations)} files) were run on PostgreSQL {self.prepared.server.version}"
            " with rows, and end in NEW.",
        )

    def _forwards(self, runner: Runner, database: "Database", migration: Migration) -> bool:
        file = migration.file
        failure = _run(runner, database, self._path(migration))
        if failure is not None:
            self.judge.find(
                "migration-fails",
                f"{file.name} stops: {_said(failure)}.",
                effect="The database is left as the statements before it have made it.",
                way_out=_BY_HAND,
                where=Place(file=str(file), line=failure.line),
            )
        return failure is None

    def _again(self, runner: Runner, database: "Database", migration: Migration) -> None:
        """A second run, in a clone, so that what it breaks is not built upon."""
        clone = self._clone(database)
        first = self._state(clone)
        failure = _run(runner, clone, self._path(migration))
        runner.leave()
        why = f"it stops: {_said(failure)}" if failure is not None else ""
        if not why and self._apart(first, self._state(clone)):
            why = f"it changes {self._apart(first, self._state(clone))}"
        self.prepared.server.drop_database(clone)
        if why:
            self.judge.find(
                "not-idempotent",
                f"{migration.file.name} cannot be run a second time: {why}.",
                effect="After an interruption somebody has to find out what was done, and do the rest by hand.",
                way_out="Ask in each statement whether it is done (IF NOT EXISTS, or a DO block), as our scripts do.",
                where=Place(file=str(migration.file), line=failure.line if failure is not None else 1),
            )

    def _back(
        self, runner: Runner, database: "Database", migrations: Sequence[Migration], states: Sequence[State]
    ) -> None:
        """All rollbacks in reverse, as far as they go; then what is there is compared with what was."""
        position = len(migrations)
        for migration in reversed(migrations):
            if migration.back is None:
                self._no_rollback(migration)
                break
            failure = _run(runner, database, self._path(migration, back=True))
            if failure is not None:
                runner.leave()
                refuses = position == len(migrations) and self._raises(migration)
                if refuses and not self._apart(states[position], self._state(database)):
                    self._refused(migration, failure)
                    if position > 1:
                        self._back_without(runner, migrations[: position - 1], states)
                    return
                self._differs(migration.back, f"{migration.back.name} stops: {_said(failure)}", failure.line)
                return
            position -= 1
        runner.leave()
        if position == len(migrations):
            return
        apart = self._apart(states[position], self._state(database))
        if apart:
            back = migrations[position].back
            assert back is not None
            self._differs(back, f"After all rollbacks the database is not as it was: {apart}", 1)

    def _back_without(self, runner: Runner, migrations: Sequence[Migration], states: Sequence[State]) -> None:
        """From before the last one, which cannot be undone."""
        database = self._clone(self.scene.seeded)
        for migration in migrations:
            if _run(runner, database, self._path(migration)) is not None:
                return
        self._back(runner, database, migrations, states[: len(migrations) + 1])

    def _no_rollback(self, migration: Migration) -> None:
        self.judge.find(
            "rollback-missing",
            f"{migration.file.name} has no rollback.",
            effect="Where it goes wrong in production there is no way back that anybody has tried.",
            way_out=f"Write {migration.file.stem}.rollback.sql (or .down.sql) beside it.",
            where=Place(file=str(migration.file), line=1),
        )

    def _refused(self, migration: Migration, failure: Failure) -> None:
        assert migration.back is not None
        self.judge.find(
            "no-way-back",
            f"There is no way back from {migration.file.name}: {_said(failure)}.",
            effect="Its rollback stops and has changed nothing.",
            way_out="Be sure before it is run, or keep a backup.",
            where=Place(file=str(migration.back), line=1),
        )

    def _differs(self, back: Path, message: str, line: int) -> None:
        self.judge.find(
            "rollback-differs",
            f"{message}.",
            effect="The way back does not lead to the old schema with its rows.",
            way_out=_BY_HAND,
            where=Place(file=str(back), line=line),
        )

    def _apart(self, expected: State, seen: State) -> str:
        """What differs between two states, in words; empty where nothing does."""
        stays = _stays(self.plan)
        found = [what for what, _, _ in differences(expected.schema, seen.schema) if what not in stays]
        found += [
            f"rows of {name}" for name, rows in expected.rows.items() if name in seen.rows and seen.rows[name] != rows
        ]
        found += [f"{helper} is left" for helper in seen.helpers if helper not in expected.helpers]
        return "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")

    def _raises(self, migration: Migration) -> bool:
        """Whether the rollback stops on purpose: an error of any other kind is a fault of it."""
        text = Path(self._path(migration, back=True)).read_text(encoding="utf-8", errors="replace")
        return bool(re.search(r"\braise\s+exception\b", text, re.IGNORECASE))

    def _path(self, migration: Migration, *, back: bool = False) -> str:
        """The file to run: the migration's own, or a part of it in a file of ours."""
        file, part = (migration.back, migration.backward) if back else (migration.file, migration.forward)
        assert file is not None
        if part is None:
            return str(file.resolve())
        copy = self.folder / f"{'back' if back else 'forward'}_{file.name}"
        copy.write_text(part, encoding="utf-8")
        return str(copy)

    def _runner(self) -> AbstractContextManager[Runner]:
        return runner_for(self.prepared.server.psql, Path())

    def _clone(self, database: "Database") -> "Database":
        return self.prepared.server.create_database(database)

    def _state(self, database: "Database") -> State:
        with database.connect() as connection:
            return capture(connection, partial(read_schema, owners=self.prepared.old.owned), self.lost)

    def _names(self, database: "Database") -> frozenset[QName]:
        with database.connect() as connection:
            return names_there(connection)


def _run(runner: Runner, database: "Database", path: str) -> Failure | None:
    """Run a file; where it stops because a superuser has to do something, after one has done it once more."""
    before = ""
    while True:
        failure = runner.run(database, path)
        if failure is None or failure.output == before or not run_told(failure, database):
            return failure
        before = failure.output


def _missing(judge: Judge, planned: Outcome, paths: Sequence[Path], called: str) -> None:
    changes = planned.plan.changes if planned.plan is not None else ()
    what = f": {'; '.join(changes[:3])}" if changes else ""
    judge.find(
        "migration-missing",
        f"The schema changes, and {called} {', '.join(map(str, paths))}{what}.",
        effect="The application would be deployed on a database that it does not fit.",
        way_out="Write it: gen-migration OLD NEW --out DIR.",
        about=changes[0].split(":")[0] if changes else "",
    )


def _stays(plan: Plan | None) -> frozenset[str]:
    """Enums that no rollback makes smaller again, as ``differences`` names them."""
    return frozenset(
        f"enum {ref.of}"
        for step in (plan.steps if plan is not None else ())
        if isinstance(step.undo, CannotUndo)
        for ref in step.makes
        if ref.kind == "enum value"
    )


def _said(failure: Failure) -> str:
    return (failure.error or failure.output.strip().splitlines()[-1] if failure.output.strip() else "no word").rstrip(
        "."
    )
