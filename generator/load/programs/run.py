"""Runs a program of the user's project on a database of its own, and takes the schema from there by pg_dump.

So rows that it puts in stay behind, and what it makes belongs to nobody in particular.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import generator
from generator.errors import BadInput
from generator.load.live import start_live
from generator.load.models.process import content, how_it_ended, last_lines
from generator.load.programs.containment import Target
from generator.load.programs.prisma_source import WAY_OUT
from generator.model.declared import Declared, Program, Unit
from generator.server import Database, Server

# -P: nothing of the current folder may stand in for our modules; the child itself puts it on the path afterwards.
_START = "import sys; sys.path.insert(0, {!r}); from generator.load.programs.{}_child import main; main()"


_PATIENCE = 300
"""Seconds for a program that only reads."""


def run_program(declared: Declared, server: Server) -> Declared:
    """What the program makes, as SQL. Raises BadInput with what it said."""
    program = declared.program
    assert program is not None
    database = server.create_database()
    try:
        if server.embedded:
            from generator.dialects.postgres.remedies import offer_stand_ins

            with database.connect(superuser=True) as connection:
                connection.autocommit = True
                offer_stand_ins(connection)
        if program.kind == "prisma":
            unit = Unit(
                name="schema of Prisma", sql=_written(declared.source, program, database), origin=declared.source
            )
            return replace(declared, units=(unit,), program=None)
        outcome = _run(declared.source, program, database)
        sql = outcome.get("sql")
        if not sql:
            without = tuple(f"--exclude-table={_pattern(*table)}" for table in outcome["tables"])
            (unit,) = start_live(database.superuser_conninfo, without).result().units
            sql = unit.sql
        unit = Unit(name="database", sql=sql, origin=f"{declared.source}:1")
        return replace(declared, units=(unit,), program=None)
    finally:
        server.drop_database(database)


def _written(source: str, program: Program, database: Database) -> str:
    """What Prisma writes of a schema. Raises BadInput with what it said."""
    url = Target(database.parameters()).url()
    # Settings of the project may name the real database: they find this one under the usual names.
    environment = os.environ | {
        "DATABASE_URL": url, "DIRECT_URL": url, "NO_COLOR": "1", "CI": "1", "PRISMA_HIDE_UPDATE_MESSAGE": "1",
        "CHECKPOINT_DISABLE": "1",
    }  # fmt: skip
    try:
        ran = subprocess.run(
            [program.python, *json.loads(dict(program.options)["arguments"])], cwd=program.folder, env=environment,
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", errors="replace", timeout=_PATIENCE,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise BadInput(f"{source}: Prisma did not end within {_PATIENCE} seconds.") from None
    if ran.returncode == 0 and ran.stdout.strip():
        return ran.stdout
    said = ran.stderr + ran.stdout
    download = "Its engine has to be downloaded once (`npx prisma -v`). " if "binaries.prisma.sh" in said else ""
    raise BadInput(f"{source}: Prisma cannot read it.{last_lines(said)}", download + WAY_OUT)


def _run(source: str, program: Program, database: Database) -> dict[str, Any]:
    """The child's answer. Raises BadInput."""
    root = str(Path(generator.__file__).resolve().parent.parent)
    request: dict[str, Any] = {
        "name": program.kind, "root": root, "folder": program.folder,
        "database": database.parameters(), **dict(program.options),
    }  # fmt: skip
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as printed:
        request["answer"] = answer.fileno()
        try:
            process = subprocess.Popen(
                [program.python or sys.executable, "-P", "-c", _START.format(root, program.kind), json.dumps(request)],
                cwd=program.folder, stdin=subprocess.PIPE, stdout=printed, stderr=printed, pass_fds=(answer.fileno(),),
            )  # fmt: skip
        except OSError as error:
            raise BadInput(f"{source}: {program.python} does not start: {error}") from error
        with process:
            try:
                code = process.wait()
            finally:
                process.kill()
        text, lines = content(answer), last_lines(content(printed))
    if not text:
        raise BadInput(f"{source}: {how_it_ended(code)} while it ran.{lines}")
    outcome: dict[str, Any] = json.loads(text)
    if "error" in outcome:
        raise BadInput(f"{source}: {outcome['error']}{lines}", outcome["way_out"])
    return outcome


def _pattern(schema: str | None, name: str) -> str:
    """A table as pg_dump's options name it; in any schema where none is given."""
    return f"{_quoted(schema) if schema else '*'}.{_quoted(name)}"


def _quoted(part: str) -> str:
    return '"' + part.replace('"', '""') + '"'
