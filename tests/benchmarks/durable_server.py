"""A server as production has it, for figures about scripts: on disk, fsync on, autovacuum on. No TCP, gone at the end.

The scratch server of the product is the opposite (nothing of it must survive), so it is no measure for locks and WAL.
"""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from generator.server.account import server_account
from generator.server.binaries import find_binaries
from generator.server.reachable import reachable_programs

_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    # No checkpoint in the middle of a run: where it falls would decide who wins.
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum_naptime": "10s",
    "log_lock_waits": "on",
}


@contextmanager
def durable_server(folder: Path | None = None) -> Iterator[str]:
    """The conninfo of its superuser, without a database. ``folder`` is where the data goes (not into memory)."""
    account = server_account()
    binaries = find_binaries()
    room = Path(tempfile.mkdtemp(prefix="gm-live-", dir=folder))
    try:
        programs = reachable_programs(binaries.folder, account, room)
        account.own(room)
        room.chmod(0o755)
        data = room / "data"
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-locale", "-E", "UTF8"],
            check=True, capture_output=True, cwd=room, **account.spawn,
        )  # fmt: skip
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        with (room / "log").open("wb") as log:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, "-k", room, *settings],
                stdout=log, stderr=log, cwd=room, **account.spawn,
            )  # fmt: skip
        conninfo = f"host='{room}' user=postgres"
        try:
            _wait(f"{conninfo} dbname=postgres")
            yield conninfo
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _wait(conninfo: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(conninfo).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
