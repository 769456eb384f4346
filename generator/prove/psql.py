"""Runs the scripts as a person would: with psql, a fresh session for each file, stopping at the first error.

``psql -X -v ON_ERROR_STOP=1 -f FILE`` is what the README promises. Here one psql process reads ``\\i FILE`` for one
file after the other, with DISCARD ALL in between: the same code in psql, a session in its first state again, and half
the time (a new process and its connection take 6 ms, a file of a small migration as much).
"""

import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from threading import Timer
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.server import Database

_PATIENCE = 600.0
"""Seconds that one script may take on the scratch server."""

_END = "gen-migration:end-of-file"
_ERROR = re.compile(r"^psql:(?P<file>[^:]+):(?P<line>\d+): (?:ERROR|FATAL|PANIC|error): +(?P<text>.*)", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A script that stopped: the line psql names (0 where it names none), the error, and all that psql printed."""

    file: str
    line: int
    error: str
    output: str


class Psql:
    """A psql process that runs the scripts of one folder; use it from one thread at a time."""

    def __init__(self, program: Path, folder: Path) -> None:
        """Nothing is started before the first script."""
        self._program = program
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._database: str | None = None

    def run(self, database: "Database", file: str) -> Failure | None:
        """Run one script in a session of its own. None where it went through; else the database is as it left it."""
        process = self._in(database)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"\\i {_quoted(str(self._folder / file))}\nDISCARD ALL;\n\\echo {_END}\n")
        process.stdin.flush()
        output = []
        too_long = Timer(_PATIENCE, process.kill)
        too_long.start()
        try:
            for line in process.stdout:
                if line.rstrip("\n") == _END:
                    return None
                output.append(line)
        finally:
            too_long.cancel()
        self.leave()
        if process.returncode == -SIGKILL:
            output.append(f"stopped: it did not end within {_PATIENCE:.0f} seconds\n")
        return _failure(file, "".join(output))

    def leave(self) -> None:
        """End the process, so that the database of the last script can be cloned."""
        process, self._process, self._database = self._process, None, None
        if process is not None and process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()

    def __enter__(self) -> "Psql":
        """Itself."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """End the process."""
        self.leave()

    def _in(self, database: "Database") -> "subprocess.Popen[str]":
        if self._process is None:
            self._process = subprocess.Popen(
                [self._program, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", database.conninfo],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
            )
        elif self._database != database.name and self._process.stdin is not None:
            self._process.stdin.write(f"\\connect -reuse-previous=off {_quoted(database.conninfo)}\n")
        self._database = database.name
        return self._process


def _quoted(argument: str) -> str:
    """An argument of a psql command: single quotes, in which a backslash is special."""
    return "'" + argument.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _failure(file: str, output: str) -> Failure:
    found = _ERROR.search(output)
    if found is None:
        return Failure(
            file=file, line=0, error=output.strip().splitlines()[-1] if output.strip() else "", output=output
        )
    return Failure(file=file, line=int(found["line"]), error=found["text"], output=output)
