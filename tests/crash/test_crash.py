"""Every script, killed at every step it takes and run again, ends in the same place."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread

import psycopg
import pytest

from generator.prove.psql import Failure
from generator.prove.state import differences
from generator.server import Database, Server
from tests.crash.conftest import World, make_world
from tests.crash.mines import lay, sweep
from tests.examples import EXAMPLES, Example

_MOST = 400
"""More steps than any script of an example takes."""

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


def ends_the_same(world: World, database: Database, file: str, where: str) -> None:
    failure = world.run(database, file)
    assert failure is None, f"{file} does not go on after it was {where}: {failure}"
    now, wanted = world.state(database), world.after[file]
    assert differences(wanted.schema, now.schema) == [], f"{file}, {where}"
    assert now.rows == wanted.rows, f"{file}, {where}"
    assert now.helpers == wanted.helpers, f"{file}, {where}"


@each_example
def test_killed_at_every_step_and_run_again_it_ends_in_the_same_place(
    example: Example, server: Server, tmp_path: Path
) -> None:
    world = make_world(example, server, tmp_path)
    killed = 0
    for file in world.after:
        for at in range(1, _MOST):
            database = server.create_database(world.before[file])
            lay(database, world.tables[file], at)
            failure = world.run(database, file)
            sweep(database)
            if failure is not None:
                assert "terminating connection" in failure.output, failure.output
                killed += 1
            ends_the_same(world, database, file, f"killed at step {at}")
            server.drop_database(database)
            if failure is None:
                break
        else:
            pytest.fail(f"{file} takes more than {_MOST} steps")
    assert killed > 10


@each_example
def test_after_a_crash_of_the_whole_server_it_goes_on(example: Example, server: Server, tmp_path: Path) -> None:
    _make_durable(server)
    world = make_world(example, server, tmp_path)
    points = []
    for file in world.after:
        database = server.create_database(world.before[file])
        lay(database, world.tables[file], 0)
        assert world.run(database, file) is None
        steps = sweep(database)
        # After the first crash no clone can be made any more.
        points += [(file, max(1, int(steps * part)), server.create_database(world.before[file])) for part in (0.3, 0.7)]
    for file, at, database in points:
        lay(database, world.tables[file], at, ends=False)
        crash(world, database, file)
        sweep(database)
        ends_the_same(world, database, file, f"stopped by a crash at step {at}")


def crash(world: World, database: Database, file: str) -> None:
    """Kill the process that serves the script where it waits: the server restarts itself, and forgets all sessions."""
    failures: list[Failure | None] = []
    thread = Thread(target=lambda: failures.append(world.run(database, file)))
    thread.start()
    connection = database.connect(superuser=True)
    pid = None
    while pid is None:
        assert thread.is_alive(), f"{file} came to its end: {failures}"
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        ).fetchone()
        pid = row[0] if row is not None else None
    os.kill(pid, signal.SIGKILL)
    with suppress(psycopg.OperationalError):
        while True:
            connection.execute("SELECT pg_sleep(0.01)")
    thread.join()
    assert failures[0] is not None
    _wait_until_back(database)


def _make_durable(server: Server) -> None:
    """The scratch server forgets the last half second in a crash; a production server does not."""
    with server.create_database().connect(superuser=True) as connection:
        for role in connection.execute("SELECT quote_ident(rolname) FROM pg_roles WHERE rolcanlogin").fetchall():
            connection.execute(f"ALTER ROLE {role[0]} SET synchronous_commit = on")


def _wait_until_back(database: Database) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with database.connect():
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
