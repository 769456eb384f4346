"""``alembic:path/to/alembic.ini``: what the migrations of a project make, up to its head or to ``@revision``."""

from pathlib import Path

from generator.errors import BadInput
from generator.load.loading import Immediate, Loading
from generator.load.place import Place
from generator.load.programs.python import find_python
from generator.model.declared import Declared, Program

_FILES = ("alembic.ini", "pyproject.toml")


def start_alembic(source: str, named: str, place: Place) -> Loading:
    """``named`` is what stands behind the colon. Raises BadInput."""
    name, revision = named, ""
    if not place.path(named).exists() and "@" in named:
        name, _, revision = named.rpartition("@")
    file = _config(source, place.path(name or "."))
    python = find_python("alembic", place.at_home(file).parent)
    program = Program(
        kind="alembic",
        python=python,
        folder=str(file.parent.absolute()),
        options=(("file", str(file.absolute())), ("revision", revision or "head")),
    )
    return Immediate(lambda: Declared(source=source, program=program))


def _config(source: str, path: Path) -> Path:
    """The configuration file that is meant."""
    if path.is_dir():
        found = next((path / name for name in _FILES if _is_config(path / name)), None)
        if found is None:
            raise BadInput(
                f"{source}: there is no alembic.ini in {path}.", "Name the file: alembic:path/to/alembic.ini"
            )
        return found
    if not path.is_file():
        raise BadInput(f"{source}: there is no such file (looked for {path.absolute()}).")
    if not _is_config(path):
        raise BadInput(f"{source}: there is no section of Alembic in it.", "Name its alembic.ini.")
    return path


def _is_config(file: Path) -> bool:
    if not file.is_file():
        return False
    text = file.read_text(encoding="utf-8", errors="replace")
    return "[tool.alembic" in text if file.suffix == ".toml" else "script_location" in text
