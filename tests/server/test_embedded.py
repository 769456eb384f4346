"""The server of a run's own: private, safe beside others, and gone afterwards whatever happens."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from generator.errors import ServerUnavailable
from generator.server import Server, open_server
from generator.server.databases import OWNER

_HOLD = """\
import sys, time
from generator.server import open_server
with open_server() as server:
    print(server.superuser_conninfo.split("'")[1], flush=True)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


def _program(body: str) -> str:
    return _HOLD + textwrap.indent(textwrap.dedent(body), "    ")


def _start(body: str, **options: object) -> tuple["subprocess.Popen[str]", Path]:
    """A program that has a server open; its process and the server's folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", _program(body)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )  # type: ignore[call-overload]
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line:
        raise AssertionError(process.communicate()[1])
    return process, Path(line)


def _processes_with(text: str) -> list[str]:
    if Path("/proc/self/cmdline").exists():
        listed = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                listed.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    else:
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout.splitlines()
    return [line for line in listed if text in line]


def _await(condition: object, seconds: float = 10.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_pristine_database_belongs_to_a_role_without_rights(server: Server) -> None:
    with server.create_database().connect() as connection:
        assert connection.execute("SELECT current_user::text").fetchone() == (OWNER,)
        assert connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)
        connection.execute("CREATE TABLE things (id int PRIMARY KEY)")
        connection.execute("CREATE SCHEMA billing")
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_a_superuser_connection_may_do_what_the_owner_may_not(server: Server) -> None:
    database = server.create_database()
    with database.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE EXTENSION pageinspect")
    with database.connect(superuser=True) as connection:
        connection.execute("CREATE EXTENSION pageinspect")


def test_a_clone_holds_what_its_template_holds(server: Server) -> None:
    template = server.create_database()
    with template.connect() as connection:
        connection.execute("CREATE TABLE things (id int); INSERT INTO things VALUES (1), (2)")
    clone = server.create_database(template)
    with clone.connect() as connection:
        assert connection.execute("SELECT count(*) FROM things").fetchone() == (2,)
        connection.execute("DROP TABLE things")
    with template.connect() as connection:
        assert connection.execute("SELECT count(*) FROM things").fetchone() == (2,)


def test_a_database_is_dropped_although_somebody_is_connected(server: Server) -> None:
    database = server.create_database()
    with contextlib.suppress(psycopg.OperationalError), database.connect() as connection:
        server.drop_database(database)
        server.drop_database(database)
        connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        database.connect()


def test_the_version_is_told(server: Server) -> None:
    assert server.embedded
    assert server.version.split(".")[0] == str(server.major)
    assert server.major >= 18
    assert "embedded" in server.origin


def test_psql_talks_to_it(server: Server) -> None:
    assert server.psql is not None
    database = server.create_database()
    said = subprocess.run(
        [server.psql, "-XAtq", "-d", database.conninfo, "-c", "SELECT current_database()"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said.strip() == database.name


def test_many_tables_fit_into_one_transaction(server: Server) -> None:
    with server.create_database().connect() as connection:
        connection.execute("; ".join(f"CREATE TABLE t{n} (id int PRIMARY KEY, x text)" for n in range(700)))


def test_variables_of_the_environment_have_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "PGOPTIONS": "-c search_path=nowhere", "PGHOST": "nowhere.invalid", "PGPORT": "1", "PGDATABASE": "nothing",
        "PGUSER": "nobody", "PGDATA": "/nowhere", "PGCHANNELBINDING": "require", "LC_ALL": "C", "PGTZ": "Asia/Tokyo",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with open_server() as opened, opened.create_database().connect() as connection:
        assert connection.execute("SHOW search_path").fetchone() == ('"$user", public',)


def test_nobody_else_can_get_in(server: Server) -> None:
    folder = Path(server.superuser_conninfo.split("'")[1])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert server.connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert not any(path.name.startswith("gen-migration") and path.is_socket() for path in Path("/tmp").iterdir())


def test_nothing_is_left_after_the_end() -> None:
    with open_server() as opened:
        folder = Path(opened.superuser_conninfo.split("'")[1])
        assert folder.exists()
    assert not folder.exists()
    assert _processes_with(str(folder)) == []


def test_nothing_is_left_after_an_error() -> None:
    def use() -> None:
        with open_server() as opened:
            folders.append(Path(opened.superuser_conninfo.split("'")[1]))
            _ = 1 / 0

    folders: list[Path] = []
    with pytest.raises(ZeroDivisionError):
        use()
    assert not folders[0].exists()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_after_the_program_was_killed(how: signal.Signals) -> None:
    process, folder = _start("time.sleep(60)")
    process.send_signal(how)
    process.wait()
    _await(lambda: not folder.exists())
    _await(lambda: not _processes_with(str(folder)))


def test_ctrl_c_in_the_terminal_reaches_the_program_and_not_the_server() -> None:
    body = """
        try:
            print("waiting", flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            time.sleep(0.2)
            print("still there", server.create_database().connect().execute("SELECT 1").fetchone(), flush=True)
            raise
    """
    process, folder = _start(body, start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert "still there (1,)" in out
    assert "KeyboardInterrupt" in err
    assert not folder.exists()


def test_a_server_started_in_a_thread_outlives_the_thread() -> None:
    from contextlib import ExitStack
    from threading import Thread

    stack = ExitStack()
    found: list[Server] = []
    thread = Thread(target=lambda: found.append(stack.enter_context(open_server())))
    thread.start()
    thread.join()
    with stack:
        time.sleep(0.1)
        with found[0].create_database().connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_several_can_start_at_once(tmp_path: Path) -> None:
    # With an empty cache, so that they also race for who fills it.
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _program("print(server.create_database().name)")],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in started:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert "gen_migration_1" in out
    kept = list((tmp_path / "gen-migration" / "data").iterdir())
    assert len(kept) == 1
    assert (kept[0] / "PG_VERSION").exists()


def test_a_damaged_copy_in_the_cache_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with open_server():
        pass
    (kept,) = (tmp_path / "gen-migration" / "data").iterdir()
    (kept / "global" / "pg_control").write_bytes(b"")
    with open_server() as opened:
        assert opened.create_database().name
    (again,) = (tmp_path / "gen-migration" / "data").iterdir()
    assert (again / "global" / "pg_control").stat().st_size > 0


def test_a_cache_that_cannot_be_written_is_no_reason_to_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gen-migration").write_text("a file where the folder would be")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with open_server() as opened:
        assert opened.create_database().name


def test_the_programs_of_another_version_can_be_named() -> None:
    older = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not older:
        pytest.skip("Debian's PostgreSQL is not here")
    with open_server(binaries=older[0].parent) as opened:
        assert str(opened.major) == older[0].parent.parent.name
        template = opened.create_database()
        assert opened.create_database(template).connect().execute("SELECT 1").fetchone() == (1,)
    with open_server(major=int(older[0].parent.parent.name)) as opened:
        assert str(opened.major) == older[0].parent.parent.name


def test_a_program_that_does_not_start_says_why(tmp_path: Path) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'no such luck' >&2\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(ServerUnavailable, match="no such luck"), open_server(binaries=tmp_path):
        pass
