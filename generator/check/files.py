"""The migrations of a folder: which files lead forwards, in which order, and which one leads back from each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from generator.errors import BadInput

_BACK = re.compile(r"(?P<stem>.+)[._](?:rollback|down|undo|revert)\.sql", re.IGNORECASE)
_FORWARD = re.compile(r"(?P<stem>.+?)(?:[._]up)?\.sql", re.IGNORECASE)
_ONLY_LOOKS = "verify.sql"


_PLAIN = "files in the order of their names"
_DOWN = re.compile(r"^--\s*(?:migrate:down|\+goose\s+Down)\b", re.MULTILINE | re.IGNORECASE)
"""Where dbmate and goose keep the way back: in the same file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One file that leads forwards, and the one that undoes it, where there is one (it may be the same).

    ``forward`` and ``backward`` are the parts of the files that are run, where that is not the whole file.
    """

    file: Path
    back: Path | None
    forward: str | None = None
    backward: str | None = None


def read_migrations(paths: Iterable[Path]) -> tuple[Migration, ...]:
    """The files in the order in which their runner runs them. Raises BadInput for what is neither file nor folder."""
    from generator.load.runners.folder import runner_of

    found: list[Migration] = []
    for path in paths:
        if not path.exists():
            raise BadInput(f"--migrations {path}: there is no such file or folder.")
        if path.is_dir() and runner_of(path) not in (None, _PLAIN):
            found += _of_runner(path)
            continue
        files = [path] if path.is_file() else _below(path)
        if not files and any(path.rglob("*.py")):
            raise BadInput(
                f"--migrations {path}: migrations in Python, and not one in SQL.",
                "Have their runner write them as SQL (alembic upgrade OLD:head --sql, manage.py sqlmigrate), and name"
                " that file.",
            )
        backs = {_stem(_BACK, each): each for each in files if _BACK.fullmatch(each.name)}
        found += [
            Migration(file=each, back=backs.get(_stem(_FORWARD, each), _beside(each)))
            for each in files
            if each.name != _ONLY_LOOKS and (path.is_file() or not _BACK.fullmatch(each.name))
        ]
    return tuple(found)


def _below(folder: Path) -> list[Path]:
    """By folder, then by number where every name begins with one, else by name."""
    files = [each for each in folder.rglob("*.sql") if not _hidden(each, folder)]
    numbered = all(re.match(r"\d", each.name) for each in files if each.name != _ONLY_LOOKS)

    def key(file: Path) -> tuple[str, int, str]:
        number = re.match(r"\d+", file.name) if numbered else None
        return str(file.parent), int(number[0]) if number else 0, file.name

    return sorted(files, key=key)


def _of_runner(folder: Path) -> Iterable[Migration]:
    """A folder of a migration runner's own form."""
    from generator.load.runners.folder import load_migrations

    for unit in load_migrations(folder, unfinished=True).units:
        file = Path(unit.origin.rpartition(":")[0])
        text = file.read_text(encoding="utf-8")
        down = _DOWN.search(text)
        undo = file.with_name(f"U{file.name[1:]}")
        if down is not None:
            above = "\n" * text.count("\n", 0, down.end())
            yield Migration(file=file, back=file, forward=unit.sql, backward=above + text[down.end() :])
        elif file.name.startswith("V") and undo.is_file():
            yield Migration(file=file, back=undo, forward=unit.sql)
        else:
            yield Migration(file=file, back=_beside(file), forward=unit.sql)


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
