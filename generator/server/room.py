"""The private folder of a server: in memory where there is space, locked while in use, swept when it was left behind.

Whoever runs the server holds a lock on the folder's ``lock`` file, and so does the keeper of the server. The system
lets go of it when both are gone for whatever reason; so a folder whose lock is free belongs to nobody.
"""

import fcntl
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from generator.errors import ServerUnavailable
from generator.server.account import Account

_PREFIX = "gen-migration-"
_NEEDED = 256 * 1024 * 1024
"""Bytes: the data folder takes 25 MB, each database 8 MB and what is in it. Docker gives 64 MB of shared memory."""
_SOCKET_ROOM = 104 - len("/.s.PGSQL.5432") - 1
"""Bytes that the folder's path may have: macOS allows 104 for a socket, Linux 108, each with a final zero."""
_YOUNG = 60.0
"""Seconds in which a folder may be without a lock file, because it is just being made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A private folder that the account owns; ``lock`` is the open file which keeps others from sweeping it."""

    folder: Path
    lock: int

    def remove(self) -> None:
        """Remove the folder, then let go of the lock."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self.lock)


def make_room(account: Account) -> Room:
    """A new private folder, after sweeping those left behind by crashed runs. Raises ServerUnavailable."""
    parents = _parents()
    sweep(account, parents)
    for parent in parents:
        try:
            while True:
                folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
                lock = _take(folder / "lock", create=True)
                if lock is not None:
                    account.own(folder)
                    return Room(folder=folder, lock=lock)
        except OSError:
            continue
    raise ServerUnavailable(
        f"There is no place for the scratch server: none of {', '.join(map(str, parents))} can be written to.",
        "Set TMPDIR to a folder with a short path and 256 MB of space.",
    )


def sweep(account: Account, parents: tuple[Path, ...]) -> None:
    """Remove the account's folders whose runs are gone. A server that outlived its keeper ends itself without one."""
    for parent in parents:
        for folder in parent.glob(_PREFIX + "*"):
            try:
                status = folder.lstat()
                if status.st_uid != account.uid or not folder.is_dir() or folder.is_symlink():
                    continue
                lock = _take(folder / "lock", create=False)
                if lock is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)
                elif not (folder / "lock").exists() and time.time() - status.st_mtime > _YOUNG:
                    shutil.rmtree(folder, ignore_errors=True)
            except OSError:
                continue


def _parents() -> tuple[Path, ...]:
    """Where a folder may go, best first."""
    candidates = [Path("/dev/shm"), Path(tempfile.gettempdir()), Path("/tmp")]
    usable = [
        place
        for place in dict.fromkeys(candidates)
        if place.is_dir()
        and os.access(place, os.W_OK | os.X_OK)
        and len(os.fsencode(place)) + len("/" + _PREFIX) + 8 <= _SOCKET_ROOM
    ]
    roomy = [place for place in usable if shutil.disk_usage(place).free >= _NEEDED]
    return tuple(roomy or usable[1:] or usable)


def _take(path: Path, *, create: bool) -> int | None:
    """Open and lock the file; None if it is not there, or if somebody else has it or had it and removed it."""
    try:
        opened = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0) | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.stat(path).st_ino == os.fstat(opened).st_ino:
            return opened
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(opened)
    return None
