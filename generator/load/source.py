"""What a person names as OLD or NEW, told apart: a file, a folder, a module, a URL, or what a tool keeps."""

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from generator.errors import BadInput
from generator.model.declared import Declared

_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_URL = re.compile(r"(postgres|postgresql)(\+\w+)?://")

_SUFFIXES = (".py", ".sql", ".json")

FORMS = (
    "A schema is given as a .py file or package.module (with :attribute if need be), "
    "as a .sql file or a folder of them, as a drizzle/ folder or a snapshot.json of it, or as postgresql://…"
)


class Loading(Protocol):
    """A source that is being loaded."""

    def result(self) -> Declared:
        """Wait until it is loaded. Raises BadInput."""
        ...


class _Immediate:
    """A source that takes no time worth a process of its own."""

    def __init__(self, load: Callable[[], Declared]) -> None:
        self._load = load

    def result(self) -> Declared:
        return self._load()


def is_live(source: str) -> bool:
    """Whether the source is a database's URL."""
    return bool(_URL.match(source))


def start(source: str) -> Loading:
    """Begin to load a source; for models a process of its own is running when this returns.

    Raises BadInput for a text that is no source; what is wrong inside a source is told by ``result``.
    """
    if is_live(source):
        from generator.load.live import start_live

        return start_live(_URL.sub("postgresql://", source, count=1))
    path = Path(source)
    drizzle = _drizzle(source, path)
    if drizzle is not None:
        return drizzle
    if path.is_dir():
        from generator.load.runners.folder import load_migrations, runner_of

        package = (path / "__init__.py").exists()
        if any(path.glob("*.sql")) or (not package and runner_of(path)):
            return _Immediate(lambda: load_migrations(path))
        if package:
            return _models(source, path / "__init__.py", None)
        raise BadInput(f"{source}: there is no .sql file in this folder{_further_down(path)}.", FORMS)
    if path.suffix == ".sql":
        return _sql(_existing(source, path))
    if path.suffix == ".py":
        return _models(source, _existing(source, path), None)
    place, colon, attribute = source.rpartition(":")
    if colon and _MODULE.fullmatch(attribute):
        if place.endswith(".py"):
            return _models(source, _existing(source, Path(place)), attribute)
        if Path(place, "__init__.py").exists():
            return _models(source, Path(place, "__init__.py"), attribute)
        if _MODULE.fullmatch(place):
            return _models(source, place, attribute)
    if _MODULE.fullmatch(source) and not path.exists():
        return _models(source, source, None)
    if path.exists():
        raise BadInput(f"{source}: none of the kinds of files that are read.", FORMS)
    raise BadInput(f"{source}: there is no such file or folder{_like(path)}.", FORMS)


def _drizzle(source: str, path: Path) -> Loading | None:
    """A snapshot's file, a folder of Drizzle's migrations, or one migration of such a folder."""
    from generator.load.drizzle.folder import is_drizzle_folder
    from generator.load.drizzle.snapshot import load_folder, load_snapshot

    if path.suffix == ".json":
        file = _existing(source, path)
        return _Immediate(lambda: load_snapshot(file))
    if path.is_dir():
        return _Immediate(lambda: load_folder(path)) if is_drizzle_folder(path) else None
    place, at, wanted = source.rpartition("@")
    if at and is_drizzle_folder(Path(place)):
        return _Immediate(lambda: load_folder(Path(place), wanted))
    return None


def _sql(path: Path) -> Loading:
    from generator.load.sql_files import load_sql

    return _Immediate(lambda: load_sql(path))


def _models(source: str, module: Path | str, attribute: str | None) -> Loading:
    from generator.load.models.process import start_models

    return start_models(source, module, attribute)


def _existing(source: str, path: Path) -> Path:
    if path.is_file():
        return path
    raise BadInput(f"{source}: there is no such file (looked for {path.absolute()}){_like(path)}.", FORMS)


def _like(path: Path) -> str:
    """What may have been meant."""
    if not path.parent.is_dir():
        return f": there is no folder {path.parent}"
    names = [each.name for each in path.parent.iterdir() if each.suffix in _SUFFIXES or each.is_dir()]
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {path.parent / close[0]}?" if close else ""


def _further_down(path: Path) -> str:
    below = sorted({each.parent for each in path.glob("*/*.sql")})
    return f" (there are some in {', '.join(map(str, below[:3]))})" if below else ""
