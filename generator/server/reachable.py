"""PostgreSQL's programs where the server's account can get at them, and complete.

Root often keeps them where nobody else may look (an environment under /root, whose mode is 0700), and the npm packages
come without the links to their libraries. Nothing that exists is changed: what is needed is copied.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from generator.errors import ServerUnavailable
from generator.server.account import Account


def reachable_programs(folder: Path, account: Account, room: Path) -> Path:
    """``folder``, if the account can use it as it is, else a copy in ``room``. Raises ServerUnavailable."""
    prefix = folder.parent
    links = _links(prefix)
    needed = [folder / "postgres", folder / "initdb", prefix / "lib", prefix / "share", *_inside(prefix / "share")]
    libraries = _libraries(prefix)
    complete = all((prefix / link).exists() for link in links)
    if complete and account.can_read([*needed, *([libraries] if libraries else [])]):
        return folder
    if not _may_execute(room):
        raise ServerUnavailable(
            f"The scratch server cannot start: {folder} cannot be used by the account for it (PostgreSQL refuses to "
            f"run as root) or is incomplete, and a copy in {room.parent} could not be run (mounted noexec).",
            "Run as a normal user, or give a server with --server URL.",
        )
    # The same names again, because the programs look for their libraries relative to where they are.
    copy = room / "programs" / prefix.parent.name / prefix.name
    (copy / "bin").mkdir(parents=True)
    for program in ("postgres", "initdb"):
        shutil.copy2(folder / program, copy / "bin" / program)
    wanted = [(prefix / "lib", copy / "lib"), (prefix / "share", copy / "share")]
    if libraries:
        wanted.append((libraries, room / "programs" / libraries.name))
    for source, destination in wanted:
        if source.is_dir():
            subprocess.run(["cp", "-Rp", source, destination], check=True, capture_output=True)
    for link, target in links.items():
        made = copy / link
        if not made.exists():
            made.symlink_to(os.path.relpath(copy / target, made.parent))
    account.own(room / "programs")
    return copy / "bin"


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _libraries(prefix: Path) -> Path | None:
    """The folder beside a package in which wheels keep its shared libraries."""
    folder = prefix.parent.parent / f"{prefix.parent.name}.libs"
    return folder if folder.is_dir() else None


def _links(prefix: Path) -> dict[Path, Path]:
    """The links that an npm package should have and leaves to its install script: what each points at, by its name.

    Both from ``prefix``, which is the first part of the names in the list, and may have another name by now.
    """
    listed = prefix / "pg-symlinks.json"
    links = json.loads(listed.read_text()) if listed.exists() else []
    return {_below(link["target"]): _below(link["source"]) for link in links}


def _below(name: str) -> Path:
    return Path(*Path(name).parts[1:])


def _may_execute(folder: Path) -> bool:
    noexec = getattr(os, "ST_NOEXEC", 0)
    return not os.statvfs(folder).f_flag & noexec
