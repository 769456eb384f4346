"""A user's own rows: a file of SQL that is run on the old schema."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import BadInput
from generator.prove.psql import Psql
from generator.prove.without_psql import WithoutPsql

if TYPE_CHECKING:
    from generator.server import Database

Runner = Psql | WithoutPsql


def load_rows(path: Path, database: "Database", runner: Callable[[Path], AbstractContextManager[Runner]]) -> None:
    """Run the file. Raises BadInput, with file and line, where it cannot be read or the old schema does not take it."""
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file", "Give a file of INSERT (or COPY) statements with --rows FILE.")
    with runner(path.parent) as run:
        failure = run.run(database, path.name)
    if failure is not None:
        where = f"{path}:{failure.line}" if failure.line else str(path)
        raise BadInput(
            f"{where}: {failure.error or failure.output.strip()}",
            "The rows have to fit the old schema: its tables are empty when the file is run.",
        )
