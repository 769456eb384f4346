"""Starts a server of this run's own: reached through a socket in a private folder only, and gone with this process."""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from generator.errors import ServerUnavailable
from generator.server.account import Account, server_account
from generator.server.binaries import Binaries
from generator.server.data_folder import SUPERUSER, forget_kept_copies, make_data_folder
from generator.server.databases import ADMINISTRATOR, OWNER, Server
from generator.server.reachable import reachable_programs
from generator.server.room import Room, make_room

if TYPE_CHECKING:
    from psycopg import Connection

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "max_connections": "50",
    # 500 tables made in one transaction run out of the default's 64.
    "max_locks_per_transaction": "1024",
    "shared_buffers": "48MB",
    # Files in the data folder, not in /dev/shm, where they would outlive a killed server.
    "dynamic_shared_memory_type": "mmap",
    "autovacuum": "off",
    "jit": "off",
    "max_logical_replication_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
_PATIENCE = 60.0
"""Seconds that a start may take, on a machine under load."""

# The server's parent. It reads a pipe whose other end only our process holds: once that is closed, on purpose or
# because we are gone, it stops the server at once (SIGQUIT) and removes the folder. It also tells (by ending) that the
# server has ended. $1 is the folder, the rest the server's command. Its output is the folder's lock, which only it
# keeps open: the server and the watching process write to the log instead.
_KEEPER = """
folder=$1; shift
exec 3<&0 </dev/null
"$@" 3<&- >&2 & server=$!
{ read -r _ <&3; kill -QUIT "$server"; } >&2 & watch=$!
exec 3<&-
wait "$server"; status=$?
kill "$watch" 2>/dev/null
rm -rf "$folder"
exit "$status"
"""


@contextmanager
def start_embedded(binaries: Binaries) -> Iterator[Server]:
    """A server started from the binaries, ready for queries; stopped and removed at the end.

    Raises ServerUnavailable.
    """
    # The driver takes a tenth of a second to import: as long as all that the other programs do meanwhile.
    Thread(target=import_module, args=("psycopg",), daemon=True).start()
    account = server_account()
    for attempt in (1, 2):
        room = make_room(account)
        keeper = None
        try:
            keeper = _launch(binaries, account, room)
            connection = _connect(keeper, room)
        except ServerUnavailable:
            _stop(keeper, room)
            if attempt == 2 or keeper is None:
                raise
            # The copy of the data folder that it started from may have been damaged.
            forget_kept_copies()
            continue
        except BaseException:
            _stop(keeper, room)
            raise
        break
    try:
        with connection:
            version = connection.info.server_version
            yield Server(
                version=f"{version // 10000}.{version % 10000}",
                major=version // 10000,
                embedded=True,
                origin=binaries.origin,
                psql=binaries.psql,
                connection=connection,
                conninfo=_conninfo(room, OWNER),
                superuser_conninfo=_conninfo(room, ADMINISTRATOR),
                prefix="gen_migration_",
            )
    finally:
        _stop(keeper, room)


def _launch(binaries: Binaries, account: Account, room: Room) -> "subprocess.Popen[bytes]":
    """Start the server under its keeper."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    environment |= {"LC_ALL": "C", "TZ": "UTC"}
    programs = reachable_programs(binaries.folder, account, room.folder)
    if programs != binaries.folder:
        environment["LD_LIBRARY_PATH"] = str(programs.parent / "lib")
    status = (binaries.folder / "postgres").stat()
    key = f"{binaries.folder.resolve()}\0{status.st_size}\0{status.st_mtime_ns}"
    data = room.folder / "data"
    make_data_folder(data, programs, account, environment=environment, key=key)
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    log = os.open(room.folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return subprocess.Popen(
            ["/bin/sh", "-c", _KEEPER, "keeper", room.folder,
             programs / "postgres", "-D", data, "-k", room.folder, *settings],
            stdin=subprocess.PIPE, stdout=room.lock, stderr=log, env=environment, cwd=room.folder,
            # Ctrl-C in the terminal is ours to handle: the server must outlive it until we have cleaned up.
            start_new_session=True, **account.spawn,
        )  # fmt: skip
    finally:
        os.close(log)


def _connect(keeper: "subprocess.Popen[bytes]", room: Room) -> "Connection[tuple[Any, ...]]":
    """Connect as soon as the server lets us."""
    import psycopg

    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return psycopg.connect(_conninfo(room, SUPERUSER), autocommit=True)
        except psycopg.OperationalError as error:
            if keeper.poll() is None and time.monotonic() < deadline:
                time.sleep(0.002)
                continue
            raise ServerUnavailable(
                f"The scratch server did not start: {_last_words(room.folder / 'log') or error}",
                "Give another one with --server URL, or its programs with GEN_MIGRATION_PG_BIN.",
            ) from error


def _stop(keeper: "subprocess.Popen[bytes] | None", room: Room) -> None:
    """Let the keeper stop the server and remove the folder; then make sure that it is removed."""
    if keeper is not None:
        assert keeper.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            keeper.stdin.close()
        keeper.wait()
    room.remove()


def _conninfo(room: Room, user: str) -> str:
    """A libpq string in which no PG… variable of the environment has a say."""
    return (
        f"host='{room.folder}' port=5432 user={user} dbname=postgres application_name=gen-migration "
        "options='' channel_binding=disable"
    )


def _last_words(log: Path) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    return ""
