"""The project that a schema file belongs to: its packages, its drizzle-kit, its settings."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import BadInput
from generator.load.place import Place

_WAY_OUT = (
    "Give the folder of its migrations instead, once `drizzle-kit generate` has written the newest: drizzle/ needs no "
    "Node.js."
)
_CONFIGS = tuple(f"drizzle.config.{end}" for end in ("ts", "mts", "cts", "js", "mjs", "cjs", "json"))
_MATTERS = re.compile(r"\b(casing|schemaFilter|tablesFilter|extensionsFilters|entities)\b")
"""Settings that change which schema is read, or how its names are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """``node`` runs ``program``, which is drizzle-kit's; ``root`` is the folder with its packages, and ``config`` the
    file with settings that matter, if there is one."""

    node: str
    program: Path
    root: Path
    config: Path | None


def find_project(source: str, file: Path, place: Place) -> Project:
    """The project of a schema's file or folder, found upwards from it. Raises BadInput."""
    node = shutil.which("node")
    if node is None:
        raise BadInput(
            f"{source}: it is read by the project's own drizzle-kit, and there is no Node.js here.", _WAY_OUT
        )
    home = place.at_home(file).parent.resolve()
    for folder in (home, *home.parents):
        package = folder / "node_modules" / "drizzle-kit" / "package.json"
        if package.is_file():
            data = json.loads(package.read_text(encoding="utf-8"))
            root = _same(folder, home, file)
            _link_packages(home, folder, file, place)
            return Project(node=node, program=package.parent / _bin(data), root=root, config=_config(file, root))
    raise BadInput(
        f"{source}: it is read by the project's own drizzle-kit, and there is none in node_modules of {home} or above.",
        f"Install the project's packages (npm install). {_WAY_OUT}",
    )


def _bin(package: dict[str, Any]) -> str:
    named = package.get("bin", "bin.cjs")
    return str(named if isinstance(named, str) else named.get("drizzle-kit", "bin.cjs"))


def _same(folder: Path, home: Path, file: Path) -> Path:
    """The folder as many levels above the file as it is above its home: elsewhere where a revision is read."""
    levels = len(home.relative_to(folder).parts)
    parents = [file.absolute().parent, *file.absolute().parent.parents]
    return parents[min(levels, len(parents) - 1)]


def _link_packages(home: Path, top: Path, file: Path, place: Place) -> None:
    """Let the files of a revision find the packages that are installed in the working tree."""
    if place.folder.absolute().resolve() == place.home.absolute().resolve():
        return
    for folder in (home, *home.parents):
        link = _same(folder, home, file) / "node_modules"
        if (folder / "node_modules").is_dir() and not link.exists() and os.access(link.parent, os.W_OK):
            link.symlink_to(folder / "node_modules", target_is_directory=True)
        if folder == top:
            return


def _config(file: Path, root: Path) -> Path | None:
    """The nearest configuration, if it says anything that matters here."""
    for folder in (file.absolute().parent, *file.absolute().parent.parents):
        for name in _CONFIGS:
            if (folder / name).is_file():
                text = (folder / name).read_text(encoding="utf-8", errors="replace")
                return folder / name if _MATTERS.search(text) else None
        if folder == root:
            break
    return None
