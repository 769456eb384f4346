"""Reads what a folder of Drizzle's migrations holds, in either layout, and finds one migration in it."""

import re
from pathlib import Path
from typing import Any

from generator.errors import BadInput
from generator.load.drizzle.json_file import read_json
from generator.model.drizzle_folder import DrizzleFolder, DrizzleMigration

_STAMPED = re.compile(r"\d{14}_.+")
_CHECK = "Look at the folder with `drizzle-kit check`, or restore it from Git."


def is_drizzle_folder(path: Path) -> bool:
    """Whether the folder holds Drizzle's migrations, of any dialect and either layout."""
    return (path / "meta" / "_journal.json").is_file() or any(
        _STAMPED.fullmatch(file.parent.name) for file in path.glob("*/snapshot.json")
    )


def read_folder(path: Path) -> DrizzleFolder:
    """The migrations of a folder; none in an empty or a missing one. Raises BadInput."""
    journal = path / "meta" / "_journal.json"
    if journal.is_file():
        return _by_journal(path, journal)
    folders = sorted(
        (each for each in path.glob("*") if (each / "migration.sql").is_file() or (each / "snapshot.json").is_file()),
        key=lambda each: each.name,
    )
    migrations = tuple(
        DrizzleMigration(tag=each.name, sql=each / "migration.sql", snapshot=_existing(each / "snapshot.json"))
        for each in folders
    )
    # A folder without either is made by whichever drizzle-kit comes first; the layout of most projects is the journal.
    return DrizzleFolder(path=path, layout="folders" if migrations else "journal", migrations=migrations)


def find_migration(folder: DrizzleFolder, wanted: str) -> DrizzleMigration:
    """The migration with a snapshot that ``wanted`` names: by its tag, its number or prefix, or its name behind that.

    Raises BadInput.
    """
    migrations = folder.migrations
    found = (
        [each for each in migrations if each.tag == wanted]
        or [each for each in migrations if wanted.isdigit() and _number(each) == int(wanted)]
        or [each for each in migrations if each.name == wanted]
        or [each for each in migrations if wanted and each.tag.startswith(wanted)]
    )
    known = ", ".join(each.tag for each in migrations[-5:] if each.snapshot)
    if not found:
        raise BadInput(f"{folder.path}@{wanted}: no migration is called so.", f"The last ones are {known}.")
    if len(found) > 1:
        tags = ", ".join(each.tag for each in found[:5])
        raise BadInput(f"{folder.path}@{wanted}: this may be each of {tags}.", "Give the whole name.")
    if found[0].snapshot is None:
        raise BadInput(
            f"{folder.path}@{wanted}: {found[0].tag} has no snapshot, so what the schema is after it is not known.",
            f"Name one that has: the last ones are {known}." if known else "",
        )
    return found[0]


def newest_migration(folder: DrizzleFolder) -> DrizzleMigration:
    """The last one with a snapshot. Raises BadInput where there is none."""
    if folder.newest is None:
        raise BadInput(f"{folder.path}: there is no snapshot in this folder of migrations.", _CHECK)
    return folder.newest


def _number(migration: DrizzleMigration) -> int | None:
    if migration.prefix.isdigit():
        return int(migration.prefix)
    return migration.number


def _by_journal(path: Path, journal: Path) -> DrizzleFolder:
    data = read_json(journal)
    if not isinstance(data, dict) or not isinstance(data.get("entries"), list):
        raise BadInput(f"{journal}: not a journal of drizzle-kit: there is no list of entries.", _CHECK)
    if data.get("dialect", "postgresql") not in ("postgresql", "pg"):
        raise BadInput(f"{journal}: these migrations are for {data['dialect']}, not for PostgreSQL.")
    # Looked up once: a project has hundreds.
    snapshots = {each.name: each for each in (path / "meta").glob("*_snapshot.json")}
    migrations = tuple(_entry(path, journal, index, entry, snapshots) for index, entry in enumerate(data["entries"]))
    stray = sorted({*snapshots.values()} - {each.snapshot for each in migrations})
    if stray:
        raise BadInput(f"{stray[0]}: no entry of {journal} belongs to this snapshot.", _CHECK)
    return DrizzleFolder(path=path, layout="journal", migrations=migrations)


def _entry(path: Path, journal: Path, index: int, entry: Any, snapshots: dict[str, Path]) -> DrizzleMigration:
    match entry:
        case {"tag": str(tag), "when": int(when), "idx": int(number)}:
            prefix = tag.partition("_")[0]
            snapshot = snapshots.get(f"{prefix}_snapshot.json")
            return DrizzleMigration(tag=tag, sql=path / f"{tag}.sql", snapshot=snapshot, when=when, number=number)
    raise BadInput(f"{journal}: entry {index} has no tag, no idx or no when (a number).", _CHECK)


def _existing(path: Path) -> Path | None:
    return path if path.is_file() else None
