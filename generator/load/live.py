"""A live database, read by pg_dump: in one read-only transaction, no rows, nothing written.

The embedded package's pg_dump speaks no TLS, which most hosted servers ask for: there one on the PATH is tried first,
and else the embedded one goes through a tunnel of ours.
"""

import os
import re
import subprocess
import tempfile
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from generator.errors import BadInput, GenMigrationError, ServerUnavailable
from generator.load.sql_files import without_commands
from generator.model.declared import Declared, Unit
from generator.server.binaries import embedded_program, path_program

if TYPE_CHECKING:
    from psycopg import Connection

_OPTIONS = ("--schema-only", "--no-privileges", "--lock-wait-timeout=10s", "--no-password")
_WAY_OUT = "Look at the URL, and whether the server is up and lets you read the schema."
_PASS_ON = re.compile("server version mismatch|SSL support is not compiled in|invalid connection option")
"""What one pg_dump says and another may not: it is too old, or speaks no TLS."""


def start_live(url: str, options: tuple[str, ...] = ()) -> "LiveLoading":
    """Begin to read the database; ``options`` are more of pg_dump's."""
    return LiveLoading(url, options)


class LiveLoading:
    """A database that is being read, in a thread that waits for pg_dump."""

    def __init__(self, url: str, options: tuple[str, ...]) -> None:
        """Start it."""
        self._done: Future[Declared] = Future()
        running: list[subprocess.Popen[str]] = []
        Thread(target=_read_into, args=(self._done, url, options, running), daemon=True).start()
        # Whoever loses interest in the result, or ends, takes the process along.
        weakref.finalize(self, _end, running)

    def result(self) -> Declared:
        """Wait for it. Raises ServerUnavailable with what the server or pg_dump said, BadInput without a pg_dump."""
        return self._done.result()


def masked(url: str) -> str:
    """The URL without its password."""
    without = re.sub(r"(://[^/@:]*):[^/@]*@", r"\1:***@", url)
    return re.sub(r"([?&](?:ssl)?password=)[^&]*", r"\1***", without)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way to dump: a program, and a context in which there is something to connect to."""

    program: Path
    conninfo: AbstractContextManager[str]


def _read_into(
    done: "Future[Declared]", url: str, options: tuple[str, ...], running: "list[subprocess.Popen[str]]"
) -> None:
    try:
        done.set_result(_read(url, options, running))
    except BaseException as error:
        done.set_exception(error)


def _read(url: str, options: tuple[str, ...], running: "list[subprocess.Popen[str]]") -> Declared:
    import psycopg

    shown = masked(url)
    try:
        with psycopg.connect(url, fallback_application_name="gen-migration") as connection:
            info = connection.info
            version, password = info.server_version // 10000, info.password
            ways = list(_ways(url, connection))
    except psycopg.Error as error:
        raise ServerUnavailable(f"{shown}: {str(error).strip()}", _WAY_OUT) from None
    said = ""
    for way in ways:
        with way.conninfo as conninfo, tempfile.TemporaryFile("w+", encoding="utf-8") as sql:
            # By the environment, since everybody can see a process's arguments.
            environment = os.environ | {"PGPASSWORD": password, "PGCLIENTENCODING": "UTF8"}
            process = subprocess.Popen(
                [way.program, *_OPTIONS, *options, f"--dbname={conninfo}"],
                env=environment, stdin=subprocess.DEVNULL, stdout=sql, stderr=subprocess.PIPE, encoding="utf-8",
            )  # fmt: skip
            running.append(process)
            said = process.communicate()[1].strip()
            if process.returncode == 0:
                sql.seek(0)
                unit = Unit(name="database", sql=without_commands(sql.read(), shown), origin=f"{shown}:1")
                return Declared(source=shown, units=(unit,), major=version)
        if not _PASS_ON.search(said):
            break
    raise _failure(shown, version, said)


def _ways(url: str, connection: "Connection[Any]") -> Iterator[_Way]:
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    from generator.load.tunnel import open_tunnel

    parameters = conninfo_to_dict(url)
    parameters.pop("password", None)
    direct = nullcontext(make_conninfo("", **parameters))
    embedded, other = embedded_program("pg_dump"), path_program("pg_dump")
    if not connection.pgconn.ssl_in_use:
        for program in filter(None, (embedded, other)):
            yield _Way(program=program, conninfo=direct)
        return
    if other:
        yield _Way(program=other, conninfo=direct)
    # Who asks for channel binding wants nobody in the middle, not even us.
    info = connection.info
    settings = info.get_parameters()
    if embedded and settings.get("channel_binding") != "require":
        plain = make_conninfo(
            "", port=str(info.port), user=info.user, dbname=info.dbname, options=info.options,
            sslmode="disable", channel_binding="disable",
        )  # fmt: skip
        tunnel = open_tunnel(host=info.host, address=info.hostaddr or info.host, port=info.port, settings=settings)
        yield _Way(program=embedded, conninfo=_through(tunnel, plain))


@contextmanager
def _through(tunnel: AbstractContextManager[Path], conninfo: str) -> Iterator[str]:
    from psycopg.conninfo import make_conninfo

    with tunnel as folder:
        yield make_conninfo(conninfo, host=str(folder))


def _failure(shown: str, version: int, said: str) -> GenMigrationError:
    if not said or _PASS_ON.search(said):
        return BadInput(
            f"{shown}: a live database is read by pg_dump, and there is none for PostgreSQL {version} here."
            + (f" The last one said: {said}" if said else ""),
            "Install PostgreSQL's client programs of that version or a newer one.",
        )
    return ServerUnavailable(f"{shown}: {said.removeprefix('pg_dump: ').removeprefix('error: ')}", _WAY_OUT)


def _end(running: "list[subprocess.Popen[str]]") -> None:
    for process in running:
        if process.poll() is None:
            process.kill()
