"""No runner in particular: the files of a folder in the order of their names.

Where every name begins with a number, by these numbers: ``2_b.sql`` stands before ``10_c.sql``. What undoes another
file (``01_expand.rollback.sql`` beside ``01_expand.sql``) goes backward and is left out.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from generator.load.runners.migration import Migration, whole

_BACKWARD = (".rollback.sql", ".down.sql", ".undo.sql")


def is_folder(path: Path) -> bool:
    """By any SQL."""
    return any(path.glob("*.sql"))


def read(path: Path, files: Sequence[Path]) -> Sequence[Migration]:
    """All that go forward."""
    names = {file.name for file in files}
    forward = [file for file in files if not _undoes_another(file.name, names)]
    if (path / "plan.json").is_file():
        # A folder that was written here: verify.sql only looks.
        forward = [file for file in forward if file.name != "verify.sql"]
    if all(re.match(r"\d", file.name) for file in forward):
        forward.sort(key=lambda file: (int(re.match(r"\d+", file.name)[0]), file.name))  # type: ignore[index]
    return [whole(file) for file in forward]


def _undoes_another(name: str, names: set[str]) -> bool:
    return any(name.endswith(end) and name.removesuffix(end) + ".sql" in names for end in _BACKWARD)
