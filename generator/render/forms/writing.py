"""Writes into a runner's folder: everything or nothing, and never over a file that is there.

New files are written beside their places first, and put there when all of them are whole; what is replaced (a journal)
comes last, each in one step.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from generator.errors import BadInput
from generator.render.forms.form import Writing

_BESIDE = ".gen-migration-{name}.new"


def write(writing: Writing) -> None:
    """Write it all. Raises BadInput; then the folder is as it was."""
    undo: list[Callable[[], None]] = []
    try:
        _check(writing)
        _write(writing, undo)
    except BaseException as error:
        for each in reversed(undo):
            with suppress(OSError):
                each()
        if isinstance(error, OSError):
            raise BadInput(
                f"{writing.folder}: cannot be written: {error.strerror or error}.", "Nothing was changed there."
            ) from error
        raise


def _check(writing: Writing) -> None:
    for name in writing.new:
        if os.path.lexists(writing.folder / name):
            raise BadInput(f"{writing.folder / name}: is there already.", "Nothing was written: it would be lost.")
    for name, (before, _) in writing.replaced.items():
        if (writing.folder / name).read_bytes() != before.encode():
            raise BadInput(f"{writing.folder / name}: was changed meanwhile.", "Run this again.")


def _write(writing: Writing, undo: list[Callable[[], None]]) -> None:
    beside: dict[str, Path] = {}
    texts = {**writing.new, **{name: after for name, (_, after) in writing.replaced.items()}}
    for name, text in texts.items():
        place = writing.folder / name
        _make_folders(place.parent, undo)
        beside[name] = place.with_name(_BESIDE.format(name=place.name))
        undo.append(beside[name].unlink)
        with beside[name].open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    for name in writing.new:
        place = writing.folder / name
        os.link(beside[name], place)  # and not rename: it must not be there
        undo.append(place.unlink)
        beside[name].unlink()
    for name, (before, _) in writing.replaced.items():
        place = writing.folder / name
        os.replace(beside[name], place)
        undo.append(_put_back(place, before))


def _put_back(place: Path, text: str) -> Callable[[], None]:
    def put() -> None:
        place.write_bytes(text.encode())

    return put


def _make_folders(folder: Path, undo: list[Callable[[], None]]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
        undo.append(each.rmdir)
