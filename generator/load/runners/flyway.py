"""Flyway: ``V<version>__name.sql`` by version, then ``R__name.sql`` by name; ``U`` goes back, ``B`` is a baseline.

On an empty database Flyway begins with the latest baseline migration, if there is one.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from generator.errors import BadInput
from generator.load.runners.migration import Migration, sql_below, whole

_NAME = re.compile(r"([VBU])([0-9][0-9._]*?)__(.*)\.sql")
_REPEATABLE = re.compile(r"R__(.*)\.sql")
_CALLBACK = re.compile(r"(before|after)[A-Z]\w*?(__.*)?\.sql")
_PLACEHOLDER = re.compile(r"\$\{[^}\n]+\}")


def is_folder(path: Path) -> bool:
    """By a file of its names, also further down."""
    return any(_NAME.fullmatch(file.name) for file in sql_below(path))


def read(path: Path, files: Sequence[Path]) -> Sequence[Migration]:
    """The versions from the latest baseline on, then the repeatable ones. Raises BadInput."""
    versions: dict[tuple[str, tuple[int, ...]], Path] = {}
    repeatable = []
    for file in files:
        if found := _NAME.fullmatch(file.name):
            key = found[1], _version(found[2])
            if key in versions:
                raise BadInput(f"{path}: {versions[key].name} and {file.name} have the same version.")
            versions[key] = file
        elif found := _REPEATABLE.fullmatch(file.name):
            repeatable.append((found[1], file))
        elif _CALLBACK.fullmatch(file.name):
            raise BadInput(
                f"{file}: a callback, which only Flyway runs.",
                "Let Flyway migrate a scratch database, and give its postgresql:// URL.",
            )
    base = max((version for kind, version in versions if kind == "B"), default=None)
    ordered = [] if base is None else [versions["B", base]]
    later = sorted(each for kind, each in versions if kind == "V" and (base is None or each > base))
    ordered += [versions["V", each] for each in later]
    ordered += [file for _, file in sorted(repeatable)]
    return [_filled(whole(file)) for file in ordered]


def _version(text: str) -> tuple[int, ...]:
    """``1.2`` and ``1_2`` are the same, and so are ``1`` and ``1.0``."""
    parts = [int(part) for part in re.split(r"[._]", text) if part]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _filled(migration: Migration) -> Migration:
    """The migration as it is, if it has no placeholder. Raises BadInput."""
    found = _PLACEHOLDER.search(migration.sql)
    if found is None:
        return migration
    line = migration.sql.count("\n", 0, found.start()) + 1
    raise BadInput(
        f"{migration.file}:{line}: {found[0]} is a placeholder, which only Flyway fills in.",
        "Let Flyway migrate a scratch database, and give its postgresql:// URL.",
    )
