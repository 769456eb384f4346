"""The migrations of a folder: which files lead forwards, in which order, and which one leads back from each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BadInput

_BACK = re.compile(r"(?P<stem>.+)[._](?:rollback|down|undo|revert)\.sql", re.IGNORECASE)
_FORWARD = re.compile(r"(?P<stem>.+?)(?:[._]up)?\.sql", re.IGNORECASE)
_ONLY_LOOKS = "verify.sql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file that leads forwards, and the one that undoes it, where there is one."""

    file: Path
    back: Path | None


def read_migrations(paths: Iterable[Path]) -> tuple[Migration, ...]:
    """The files as they are run: those of a folder by their paths. Raises BadInput for what is neither."""
    found = []
    for path in paths:
        if not path.exists():
            raise BadInput(f"--migrations {path}: there is no such file or folder.")
        files = [path] if path.is_file() else sorted(each for each in path.rglob("*.sql") if not _hidden(each, path))
        backs = {_stem(_BACK, each): each for each in files if _BACK.fullmatch(each.name)}
        found += [
            Migration(file=each, back=backs.get(_stem(_FORWARD, each), _beside(each)))
            for each in files
            if each.name != _ONLY_LOOKS and (path.is_file() or not _BACK.fullmatch(each.name))
        ]
    return tuple(found)


def edited(migrations: Iterable[Migration]) -> tuple[Path, ...]:
    """Files that were written by this tool and are not as they were, by the checksums in the plan.json beside them."""
    from generator.render.folder import written_checksums
    from generator.render.plan_json import checksum

    found = []
    for migration in migrations:
        checksums = written_checksums(migration.file.parent / "plan.json") or {}
        for file in (migration.file, migration.back):
            wanted = checksums.get(file.name) if file is not None else None
            if file is not None and wanted is not None and wanted != checksum(file.read_bytes()):
                found.append(file)
    return tuple(found)


def _stem(form: re.Pattern[str], file: Path) -> Path:
    matched = form.fullmatch(file.name)
    return file.parent / (matched["stem"] if matched else file.name)


def _beside(file: Path) -> Path | None:
    """The rollback of a file that was named by itself."""
    return next((each for each in file.parent.glob("*.sql") if _BACK.fullmatch(each.name) and
                 _stem(_BACK, each) == _stem(_FORWARD, file)), None)  # fmt: skip


def _hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)
