"""dbmate: ``<digits>_name.sql``, each with a block ``-- migrate:up`` and one ``-- migrate:down``.

Run in the order of their names, as dbmate does.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from generator.errors import BadInput
from generator.load.runners.migration import Migration, forward_part, has_mark

_UP = re.compile(r"^--\s*migrate:up\b[^\n]*", re.MULTILINE)
_DOWN = re.compile(r"^--\s*migrate:down\b", re.MULTILINE)


def is_folder(path: Path) -> bool:
    """By the mark in any of its files."""
    return has_mark(sorted(path.glob("*.sql")), _UP)


def read(path: Path, files: Sequence[Path]) -> Sequence[Migration]:
    """The blocks that go up. Raises BadInput."""
    own = [file for file in files if file.parent == path and re.match(r"\d+", file.name)]
    for file in own:
        if not has_mark((file,), _UP):
            raise BadInput(f"{file}: there is no line `-- migrate:up`, which dbmate needs.", "Add one.")
    return [Migration(file=file, sql=forward_part(file, _UP, _DOWN)) for file in own]
