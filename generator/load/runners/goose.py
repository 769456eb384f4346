"""goose: ``<number>_name.sql`` with ``-- +goose Up`` and ``-- +goose Down``, in the order of their numbers."""

import re
from collections.abc import Sequence
from pathlib import Path

from generator.errors import BadInput
from generator.load.runners.migration import Migration, forward_part, has_mark, number_of, without_twins

_UP = re.compile(r"^--\s*\+goose\s+up\b[^\n]*", re.MULTILINE | re.IGNORECASE)
_DOWN = re.compile(r"^--\s*\+goose\s+down\b", re.MULTILINE | re.IGNORECASE)
_ENVIRONMENT = re.compile(r"^--\s*\+goose\s+envsub\s+on\b", re.MULTILINE | re.IGNORECASE)


def is_folder(path: Path) -> bool:
    """By the mark in any of its files."""
    return has_mark(sorted(path.glob("*.sql")), _UP)


def read(path: Path, files: Sequence[Path]) -> Sequence[Migration]:
    """The parts that go up. Raises BadInput."""
    code = sorted(file for file in path.glob("*.go") if re.match(r"\d+_.*(?<!_test)\.go$", file.name))
    if code:
        raise BadInput(
            f"{code[0]}: a migration in Go, which cannot be run here.",
            "Let goose migrate a scratch database, and give its postgresql:// URL.",
        )
    numbered = sorted((number_of(file), file) for file in files if file.parent == path)
    without_twins(numbered, path)
    for _, file in numbered:
        if has_mark((file,), _ENVIRONMENT):
            raise BadInput(f"{file}: it takes values from the environment (ENVSUB), which only goose fills in.")
        if not has_mark((file,), _UP):
            raise BadInput(f"{file}: there is no line `-- +goose Up`, which goose needs.", "Add one.")
    return [Migration(file=file, sql=forward_part(file, _UP, _DOWN)) for _, file in numbered]
