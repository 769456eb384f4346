"""golang-migrate: ``<number>_title.up.sql`` and ``.down.sql``, in the order of their numbers."""

import re
from collections.abc import Sequence
from pathlib import Path

from generator.load.runners.migration import Migration, whole, without_twins

_UP = re.compile(r"(\d+)_(.*)\.up\.sql")


def is_folder(path: Path) -> bool:
    """By a file that ends in ``.up.sql``."""
    return any(_UP.fullmatch(file.name) for file in path.glob("*.up.sql"))


def read(path: Path, files: Sequence[Path]) -> Sequence[Migration]:
    """The files that go up. Raises BadInput."""
    numbered = []
    for file in files:
        found = _UP.fullmatch(file.name)
        if found and file.parent == path:
            numbered.append((int(found[1]), file))
    without_twins(numbered, path)
    return [whole(file) for _, file in sorted(numbered)]
