"""Who runs the server: PostgreSQL refuses to run as root, so root hands it to an account without rights."""

import os
import pwd
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import ServerUnavailable

_WITHOUT_RIGHTS = ("nobody", "postgres", "daemon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the system. ``other`` says that it is not the one of this process."""

    uid: int
    gid: int
    other: bool

    @property
    def spawn(self) -> dict[str, Any]:
        """The arguments with which ``subprocess`` starts a program as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}

    def own(self, folder: Path) -> None:
        """Give a folder that this process made, and all that is in it, to the account."""
        if self.other:
            os.chown(folder, self.uid, self.gid)
            for parent, folders, files in os.walk(folder):
                for name in folders + files:
                    os.chown(os.path.join(parent, name), self.uid, self.gid, follow_symlinks=False)

    def can_read(self, paths: Iterable[Path]) -> bool:
        """Whether the account can get at each path (its mode bits and those of every folder above)."""
        if not self.other:
            return True
        return all(
            self._allowed(path, stat.S_IROTH | (stat.S_IXOTH if path.is_dir() else 0))
            and all(self._allowed(parent, stat.S_IXOTH) for parent in path.parents)
            for path in (each.resolve() for each in paths)
            if path.exists()
        )

    def _allowed(self, path: Path, bits: int) -> bool:
        status = path.stat()
        shift = 6 if status.st_uid == self.uid else 3 if status.st_gid == self.gid else 0
        return status.st_mode >> shift & bits == bits


def server_account() -> Account:
    """The account for the server: this one, or for root one without rights. Raises ServerUnavailable."""
    uid = os.geteuid()
    if uid != 0:
        try:
            pwd.getpwuid(uid)
        except KeyError:
            raise ServerUnavailable(
                f"The scratch server cannot start: user id {uid} has no name here (no line in /etc/passwd), "
                "and PostgreSQL's initdb asks for one.",
                "Add the line (in a container: `useradd --uid …`, or mount an /etc/passwd that has it), "
                "run as another user, or give a server with --server URL.",
            ) from None
        return Account(uid=uid, gid=os.getegid(), other=False)
    for name in _WITHOUT_RIGHTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(uid=entry.pw_uid, gid=entry.pw_gid, other=True)
    raise ServerUnavailable(
        "The scratch server cannot start: PostgreSQL refuses to run as root, and there is no account `nobody` here.",
        "Run as a normal user, or give a server with --server URL.",
    )
