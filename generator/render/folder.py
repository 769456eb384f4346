"""The folder that a migration is written to: all of it or nothing, and never over a file that is not ours.

Files of an earlier run are replaced as one. They are known by their names and by the checksums in that run's plan.json,
so that a script which somebody has edited since is not lost.
"""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from generator.errors import BadInput
from generator.render.plan_json import checksum

_OURS = re.compile(
    r"\d\d_(expand|backfill|validate|contract|cleanup)(\.rollback)?\.sql|verify\.sql|plan\.json|REVIEW\.md|review\.html"
)
_UNFINISHED = ".gen-migration-unfinished"
"""A folder inside, while files are replaced: ``new`` holds what comes and ``old`` what was there. ``new`` is called
``moving`` from the moment when nothing old is left outside, so that a run that was killed can be taken back."""

_WAY_OUT = "Name a new or empty folder with --out."


def check_folder(folder: Path) -> None:
    """Raises BadInput where ``write_folder`` would refuse: ask before the work is done. Changes nothing."""
    if not folder.exists():
        if folder.is_symlink():
            raise BadInput(f"--out {folder}: a link that leads nowhere.", _WAY_OUT)
        return
    if not folder.is_dir():
        raise BadInput(f"--out {folder}: this is a file.", _WAY_OUT)
    try:
        held = _held(folder)
        if held and not (folder / _UNFINISHED).exists():
            _check_earlier_run(folder, held)
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_folder(folder: Path, files: Mapping[str, str]) -> None:
    """Write all files, in place of those of an earlier run. Raises BadInput; then what was there is still there."""
    existed = folder.exists()
    try:
        if (folder / _UNFINISHED).is_dir():
            _take_back(folder)
        check_folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _replace(folder, files)
        except BaseException:
            _take_back(folder)
            if not existed:
                folder.rmdir()
            raise
    except OSError as error:
        raise _unwritable(folder, error) from error


def write_reviews(files: Iterable[Path], reviews: Mapping[str, str]) -> None:
    """Write the review into each file: a page where its name ends in ``.html``, else Markdown. Raises BadInput."""
    for file in files if reviews else ():
        text = reviews["review.html" if file.suffix == ".html" else "REVIEW.md"]
        try:
            file.write_bytes(text.encode())
        except OSError as error:
            raise BadInput(f"--review {file}: cannot be written: {error.strerror or error}.") from error


def _replace(folder: Path, files: Mapping[str, str]) -> None:
    new, old, moving = (folder / _UNFINISHED / name for name in ("new", "old", "moving"))
    new.mkdir(parents=True)
    old.mkdir()
    for name, text in files.items():
        (new / name).write_bytes(text.encode())
    for name in _held(folder):
        os.replace(folder / name, old / name)
    os.replace(new, moving)
    for name in files:
        os.replace(moving / name, folder / name)
    shutil.rmtree(folder / _UNFINISHED)


def _take_back(folder: Path) -> None:
    """The folder as it was before ``_replace``, wherever that was interrupted."""
    old, moving = (folder / _UNFINISHED / name for name in ("old", "moving"))
    if moving.is_dir():
        for name in _held(folder):
            (folder / name).unlink()
    if old.is_dir():
        for path in old.iterdir():
            os.replace(path, folder / path.name)
    shutil.rmtree(folder / _UNFINISHED, ignore_errors=True)


def _held(folder: Path) -> list[str]:
    """What the folder holds. Hidden files (.gitignore) are neither ours nor in the way."""
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


def _check_earlier_run(folder: Path, held: list[str]) -> None:
    foreign = [name for name in held if not _OURS.fullmatch(name) or not _is_plain_file(folder / name)]
    checksums = written_checksums(folder / "plan.json")
    if checksums is None or foreign:
        seen = ", ".join((foreign or held)[:3])
        raise BadInput(f"--out {folder}: holds files that gen-migration has not written ({seen}).", _WAY_OUT)
    for name in held:
        if name.endswith(".sql") and checksums.get(name) != checksum((folder / name).read_bytes()):
            raise BadInput(
                f"--out {folder}: {name} was edited after it was written, and would be lost.",
                "Keep your change elsewhere (your own templates go into --templates DIR) and delete the file, or name"
                " another folder.",
            )


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def written_checksums(path: Path) -> dict[str, str] | None:
    """The scripts' checksums in a plan.json, whatever its version; None where it is not one of ours."""
    try:
        document: Any = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(document, dict) or not str(document.get("format", "")).startswith("gen-migration/plan/"):
        return None
    files = document.get("files")
    return files if isinstance(files, dict) else None


def _unwritable(folder: Path, error: OSError) -> BadInput:
    return BadInput(f"--out {folder}: cannot be written: {error.strerror or error}.", _WAY_OUT)
