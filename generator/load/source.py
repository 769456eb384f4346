"""What a person names as OLD or NEW, told apart: a file, a folder, a module, a URL, or what a tool keeps."""

import difflib
import re
from pathlib import Path

from generator.errors import BadInput
from generator.load.loading import Immediate, Loading
from generator.load.place import HERE, Place

__all__ = ["FORMS", "Loading", "is_live", "start"]

_MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_URL = re.compile(r"(postgres|postgresql)(\+\w+)?://")
_CODE = (".ts", ".mts", ".cts", ".js", ".mjs", ".cjs")
_SUFFIXES = (".py", ".sql", ".json", ".prisma", *_CODE)

FORMS = (
    "A schema is given as a .py file or package.module (with :attribute if need be), as a .sql file or a folder of "
    "them, as a drizzle/ folder, a snapshot.json of it or Drizzle's schema.ts, as schema.prisma, as "
    "alembic:alembic.ini or django:project.settings, or as postgresql://…; REVISION: before it takes it from Git"
)


def is_live(source: str) -> bool:
    """Whether the source is a database's URL."""
    return bool(_URL.match(source))


def start(source: str, place: Place = HERE) -> Loading:
    """Begin to load a source; for models a process of its own is running when this returns.

    Raises BadInput for a text that is no source; what is wrong inside a source is told by ``result``.
    """
    if is_live(source):
        from generator.load.live import start_live

        return start_live(_URL.sub("postgresql://", source, count=1))
    if source.startswith("alembic:"):
        from generator.load.programs.alembic_source import start_alembic

        return start_alembic(source, source.removeprefix("alembic:"), place)
    if source.startswith("django:"):
        from generator.load.programs.django_source import start_django

        return start_django(source, source.removeprefix("django:"), place)
    path = place.path(source)
    loading = _drizzle(path, place) or (_folder(source, path, place) if path.is_dir() else None)
    if loading is not None:
        return loading
    if path.suffix in _CODE and not _dated(source, place):
        return _schema_file(source, _existing(source, path), place)
    if path.suffix == ".prisma" and not _dated(source, place):
        return _prisma(source, _existing(source, path), place)
    if path.suffix == ".sql" and not _dated(source, place):
        return _sql(_existing(source, path))
    if path.suffix == ".py" and not _dated(source, place):
        return _models(source, _existing(source, path), None, place)
    loading = _attribute(source, place) or _revision(source, place)
    if loading is not None:
        return loading
    if _MODULE.fullmatch(source) and not path.exists():
        return _models(source, source, None, place)
    if path.exists():
        raise BadInput(f"{source}: none of the kinds of files that are read.", FORMS)
    raise BadInput(f"{source}: there is no such file or folder{_like(path)}", FORMS)


def _drizzle(path: Path, place: Place) -> Loading | None:
    """A snapshot's file, a folder of Drizzle's migrations, or one migration of such a folder."""
    from generator.load.drizzle.folder import is_drizzle_folder
    from generator.load.drizzle.snapshot import load_folder, load_snapshot

    if path.suffix == ".json" and not _dated(str(path), place):
        return Immediate(lambda: load_snapshot(_existing(str(path), path)))
    if path.is_dir():
        return Immediate(lambda: load_folder(path)) if is_drizzle_folder(path) else None
    folder, at, wanted = str(path).rpartition("@")
    if at and is_drizzle_folder(Path(folder)):
        return Immediate(lambda: load_folder(Path(folder), wanted))
    return None


def _folder(source: str, path: Path, place: Place) -> Loading:
    """A folder of SQL, of a runner's migrations, or a package of models."""
    from generator.load.runners.folder import load_migrations, runner_of

    package = (path / "__init__.py").exists()
    if any(path.glob("*.sql")) or (not package and runner_of(path)):
        return Immediate(lambda: load_migrations(path))
    if package:
        return _models(source, path / "__init__.py", None, place)
    if any(each.suffix in _CODE for each in path.glob("*")):
        return _schema_file(source, path, place)
    if any(path.glob("*.prisma")):
        return _prisma(source, path, place)
    raise BadInput(f"{source}: there is no .sql file in this folder{_further_down(path)}.", FORMS)


def _attribute(source: str, place: Place) -> Loading | None:
    """A name in a file or a module of models, unless the text rather names what a revision holds."""
    before, colon, attribute = source.rpartition(":")
    if not colon or not _MODULE.fullmatch(attribute):
        return None
    path = place.path(before)
    if path.is_file() and path.suffix == ".py":
        return _models(source, path, attribute, place)
    if (path / "__init__.py").exists():
        return _models(source, path / "__init__.py", attribute, place)
    if _dated(source, place):
        return None
    if before.endswith(".py"):
        return _models(source, _existing(source, path), attribute, place)
    return _models(source, before, attribute, place) if _MODULE.fullmatch(before) else None


def _revision(source: str, place: Place) -> Loading | None:
    """What a revision of the repository holds."""
    if not _dated(source, place):
        return None
    from generator.load.revision import start_revision

    return start_revision(source, start)


def _dated(source: str, place: Place) -> bool:
    """Whether the text names a revision: by what stands behind the first colon, or by what the repository has."""
    before, colon, rest = source.partition(":")
    if place is not HERE or not colon or not before or place.path(source).exists() or place.path(before).exists():
        return False
    if "/" in rest or rest.endswith(_SUFFIXES) or rest.startswith(("alembic:", "django:")):
        return not rest.startswith("//")
    from generator.load.revision import names_a_revision

    return bool(rest) and names_a_revision(source)


def _sql(path: Path) -> Loading:
    from generator.load.sql_files import load_sql

    return Immediate(lambda: load_sql(path))


def _prisma(source: str, path: Path, place: Place) -> Loading:
    from generator.load.programs.prisma_source import start_prisma

    return start_prisma(source, path, place)


def _schema_file(source: str, path: Path, place: Place) -> Loading:
    from generator.load.drizzle.schema_file import start_schema_file

    return start_schema_file(source, path, place)


def _models(source: str, module: Path | str, attribute: str | None, place: Place) -> Loading:
    from generator.load.models.process import start_models

    return start_models(source, module, attribute, place.folder.absolute())


def _existing(source: str, path: Path) -> Path:
    if path.is_file():
        return path
    raise BadInput(f"{source}: there is no such file (looked for {path.absolute()}){_like(path)}", FORMS)


def _like(path: Path) -> str:
    """What may have been meant."""
    if not path.parent.is_dir():
        return f": there is no folder {path.parent}."
    names = [each.name for each in path.parent.iterdir() if each.suffix in _SUFFIXES or each.is_dir()]
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {path.parent / close[0]}?" if close else "."


def _further_down(path: Path) -> str:
    below = sorted({each.parent for each in path.glob("*/*.sql")})
    return f" (there are some in {', '.join(map(str, below[:3]))})" if below else ""
