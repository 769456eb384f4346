"""A small world for each example: its scripts, its rows, and what it ends in when nothing goes wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.declare import declare
from generator.load import start
from generator.model.plan import Plan
from generator.model.schema import Schema
from generator.pipeline import Request, run
from generator.prove.likeness import Node
from generator.prove.psql import Failure, Psql
from generator.prove.state import State, capture
from generator.prove.subjects import fillings_of
from generator.server import Database, Server, open_server
from tests.examples import Example


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """``before[file]`` is a database in which a script is the next to run, ``tables[file]`` what is in it, and
    ``after[file]`` what the script makes of it. ``unsettled`` are columns whose values are others each time: keys and
    defaults of rows that a back-fill creates, and what refers to them.
    """

    plan: Plan
    before: dict[str, Database]
    tables: dict[str, Schema]
    after: dict[str, State]
    unsettled: frozenset[Node]
    folder: Path
    server: Server

    def run(self, database: Database, file: str) -> Failure | None:
        assert self.server.psql is not None
        with Psql(self.server.psql, self.folder) as psql:
            return psql.run(database, file)

    def state(self, database: Database) -> State:
        with database.connect() as connection:
            return capture(connection, read_schema, self.unsettled)


@pytest.fixture
def server() -> Iterator[Server]:
    """One for each test: some of them crash it."""
    with open_server() as server:
        yield server


def make_world(example: Example, server: Server, folder: Path) -> World:
    """Run everything once, undisturbed."""
    outcome = run(Request(old=str(example.old), new=str(example.new), answers=example.answers, prove=False))
    assert outcome.plan is not None, outcome
    for name, text in outcome.files.items():
        (folder / name).write_text(text)
    database = server.create_database()
    with database.connect() as connection:
        declare(start(str(example.old)).result(), connection)
        old = read_schema(connection)
        connection.execute((example.folder / "rows.sql").read_text())
    stages = outcome.plan.stages
    forwards = [f"{stage.number:02d}_{stage}.sql" for stage in stages]
    back = [f"{stage.number:02d}_{stage}.rollback.sql" for stage in reversed(stages) if stage != "cleanup"]
    world = World(
        plan=outcome.plan,
        before={},
        tables={},
        after={},
        unsettled=frozenset(_unsettled(outcome.plan, old)),
        folder=folder,
        server=server,
    )
    for file in [*(each for each in forwards if "cleanup" not in each), *back]:
        _step(world, database, file)
        database = server.create_database(database)
        if "contract" in file and "rollback" not in file and any("cleanup" in each for each in forwards):
            _step(world, database, forwards[-1])
            database = world.before[forwards[-1]]
            database = server.create_database(database)
    return world


def _unsettled(plan: Plan, old: Schema) -> Iterator[Node]:
    for filling in fillings_of(plan):
        if filling.create and filling.source is not None:
            yield (filling.table, filling.column)
            given = {name for name, _ in filling.create}
            yield from (
                (filling.source, each.name) for each in old.table(filling.source).columns if each.name not in given
            )


def _step(world: World, database: Database, file: str) -> None:
    world.before[file] = world.server.create_database(database)
    world.tables[file] = world.state(database).schema
    assert world.run(database, file) is None, file
    world.after[file] = world.state(database)
