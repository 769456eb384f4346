"""Runs the scripts where there is no psql: statement by statement through the driver, as psql would send them."""

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from generator.dialects.postgres.split import line_of, split
from generator.prove.psql import Failure

if TYPE_CHECKING:
    from generator.server import Database


class WithoutPsql:
    """The same as Psql, for scripts without psql's own commands: a connection for each file."""

    def __init__(self, folder: Path) -> None:
        """The folder of the scripts."""
        self._folder = folder

    def run(self, database: "Database", file: str) -> Failure | None:
        """Run one script in a session of its own, each statement in autocommit. None where it went through."""
        import psycopg

        text = (self._folder / file).read_text(encoding="utf-8")
        with database.connect() as connection:
            for piece in split(text):
                try:
                    connection.execute(piece.sql.encode(), prepare=False)
                except psycopg.Error as error:
                    position = error.diag.statement_position
                    line = line_of(text, piece.start + int(position) - 1) if position else piece.line
                    said = error.diag.message_primary or str(error)
                    return Failure(file=file, line=line, error=said, output=f"{file}:{line}: {error}")
        return None

    def leave(self) -> None:
        """Nothing is kept open."""

    def __enter__(self) -> "WithoutPsql":
        """Itself."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """Nothing is kept open."""
