"""Templates rendered and run as a user does it: by psql, which stops at the first error."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from generator.model.plan import Filling, Mirror
from generator.render.environment import environment, render_template
from generator.server import Database


def rendered(name: str, subject: Filling | Mirror) -> str:
    """The SQL of one template, to be run as it is."""
    return render_template(environment(), name, subject=subject).strip().removesuffix(";") + ";\n"


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What psql said."""

    ok: bool
    said: str


@dataclass(frozen=True, kw_only=True)
class Scratch:
    """A database, psql, and a connection (autocommit)."""

    database: Database
    psql: Path
    connection: "psycopg.Connection[Any]"

    def command(self) -> list[str | Path]:
        """How psql is called; the script comes on its input."""
        return [self.psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.database.conninfo, "-f", "-"]

    def run(self, script: str) -> Ran:
        """The script, in a psql of its own."""
        done = subprocess.run(self.command(), input=script, capture_output=True, text=True, check=False)
        return Ran(ok=done.returncode == 0, said=done.stdout + done.stderr)

    def start(self, script: str) -> "subprocess.Popen[str]":
        """The script, in a psql that runs beside the test."""
        process = subprocess.Popen(
            self.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert process.stdin is not None
        process.stdin.write(script)
        process.stdin.close()
        return process

    def do(self, sql: str) -> None:
        """One statement, or several without parameters."""
        self.connection.execute(sql)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self.connection.execute(query).fetchall()

    def one(self, query: str) -> Any:
        """The single value of a query."""
        ((value,),) = self.rows(query)
        return value
