"""Makes the server's data folder: by initdb once, and from then on by copying what initdb made.

The copy is kept in the user's cache folder; where that cannot be written or read, initdb runs each time.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from generator.errors import ServerUnavailable
from generator.resources import cache_folder
from generator.server.account import Account
from generator.server.databases import ADMINISTRATOR, OWNER

SUPERUSER = "gen_migration_superuser"
"""The superuser of an embedded server. ``postgres`` is there a role like any other, as schemas name it as an owner."""

_INITDB = ("--no-sync", "--auth=trust", "--no-locale", "--encoding=UTF8", "--wal-segsize=1", f"--username={SUPERUSER}")
# template0 is the pristine database and `postgres` the one for administration: a third would only be copied each time.
_FIRST = f"""\
CREATE ROLE {OWNER} LOGIN;
CREATE ROLE {ADMINISTRATOR} LOGIN SUPERUSER;
GRANT {ADMINISTRATOR} TO {OWNER};
CREATE ROLE postgres;
GRANT postgres TO {OWNER};
ALTER DATABASE template1 IS_TEMPLATE false;
DROP DATABASE template1;
"""
# As on PostgreSQL 15 and later: before, a database's owner was not the owner of its schema public.
_PRISTINE = "ALTER SCHEMA public OWNER TO pg_database_owner;\n"
_KEPT = 30 * 24 * 3600.0
"""Seconds that a copy is kept after its last use."""


def make_data_folder(data: Path, programs: Path, account: Account, *, environment: dict[str, str], key: str) -> None:
    """Make ``data``. ``key`` tells builds of PostgreSQL apart. Raises ServerUnavailable."""
    told = "\0".join((key, str(account.uid), *_INITDB, _FIRST, _PRISTINE))
    kept = cache_folder("data") / sha256(told.encode()).hexdigest()[:24]
    if kept.is_dir() and _copy(kept, data, account):
        with contextlib.suppress(OSError):
            os.utime(kept)
        return
    _initialise(data, programs, account, environment)
    with contextlib.suppress(OSError):
        _keep(data, kept, account)


def forget_kept_copies() -> None:
    """Remove every kept copy: one of them may be damaged."""
    shutil.rmtree(cache_folder("data"), ignore_errors=True)


def _copy(source: Path, destination: Path, account: Account) -> bool:
    """Copy the folder; whether that worked. ``cp`` does it five times faster than shutil."""
    copied = subprocess.run(["cp", "-Rp", source, destination], capture_output=True, check=False)
    if copied.returncode != 0 or not (destination / "PG_VERSION").exists():
        shutil.rmtree(destination, ignore_errors=True)
        return False
    if destination.stat().st_uid != account.uid:
        account.own(destination)
    return True


def _keep(data: Path, kept: Path, account: Account) -> None:
    """Keep a copy of the data folder: complete under its name, or not at all."""
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=kept.parent))
    try:
        if _copy(data, making / "data", account):
            os.rename(making / "data", kept)
        for old in kept.parent.iterdir():
            if old != making and time.time() - old.stat().st_mtime > _KEPT:
                shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _initialise(data: Path, programs: Path, account: Account, environment: dict[str, str]) -> None:
    def run(*command: str | Path, text: str = "") -> None:
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=False, env=environment, cwd=data.parent,
            start_new_session=True, **account.spawn,
        )  # fmt: skip
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise ServerUnavailable(
                f"The scratch server could not be set up: {Path(command[0]).name} says\n{said}",
                "Set TMPDIR to a folder with space, or give a server with --server URL.",
            )

    run(programs / "initdb", *_INITDB, "--pgdata", data)
    for database, text in (("postgres", _FIRST), ("template0", _PRISTINE)):
        run(programs / "postgres", "--single", "-D", data, "-c", "fsync=off", database, text=text)
