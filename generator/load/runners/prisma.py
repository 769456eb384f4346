"""Prisma Migrate: ``<14 digits>_name/migration.sql`` beside ``migration_lock.toml``, in the order of the folders."""

import re
from collections.abc import Sequence
from pathlib import Path

from generator.errors import BadInput
from generator.load.runners.migration import Migration, whole

_PROVIDER = re.compile(r'^\s*provider\s*=\s*"([^"]*)"', re.MULTILINE)


def is_folder(path: Path) -> bool:
    """By the lock file."""
    return (path / "migration_lock.toml").is_file()


def read(path: Path, files: Sequence[Path]) -> Sequence[Migration]:
    """All of them. Raises BadInput where they are for another database."""
    lock = path / "migration_lock.toml"
    found = _PROVIDER.search(lock.read_text(encoding="utf-8", errors="replace"))
    if found is None or found[1] not in ("postgresql", "postgres"):
        raise BadInput(f"{lock}: these migrations are for {found[1] if found else 'no provider'}, not for PostgreSQL.")
    own = [file for file in files if file.name == "migration.sql" and file.parent.parent == path]
    return [whole(file) for file in sorted(own, key=lambda file: file.parent.name)]
