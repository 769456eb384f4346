"""The process that runs a project's Alembic migrations. Every connection they make leads to the scratch database."""

import io
import os
import sys
from argparse import Namespace
from typing import Any

from generator.load.models.importing import said
from generator.load.models.trouble import Trouble
from generator.load.programs.child import answer
from generator.load.programs.containment import Elsewhere, NoDriver


def main() -> None:
    """Do what the first argument (JSON) asks for, write the answer, end."""
    answer(_migrate)


def _migrate(request: dict[str, Any]) -> dict[str, Any]:
    """Up to the wanted revision; the names of the tables in which Alembic keeps its state."""
    try:
        from alembic.config import Config
        from alembic.runtime.migration import MigrationContext
        from alembic.util import CommandError
    except ImportError as error:
        raise Trouble(f"Alembic cannot be imported by {sys.executable}: {error}") from error
    tables: list[tuple[str | None, str]] = []
    begin: Any = MigrationContext.__init__

    def noting(self: Any, *given: Any, **more: Any) -> None:
        begin(self, *given, **more)
        tables.append((self.version_table_schema, self.version_table))

    MigrationContext.__init__ = noting  # type: ignore[method-assign]
    file = request["file"]

    def config(**more: Any) -> Any:
        named = {"toml_file": file} if file.endswith(".toml") else {"file_": file}
        made = Config(**named, cmd_opts=Namespace(x=None, raiseerr=True), stdout=io.StringIO(), **more)
        made.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))
        return made

    try:
        _check(config(), request["revision"])
        return {"sql": _run(config, request["revision"])} | {"tables": list(dict.fromkeys(tables))}
    except CommandError as error:
        raise Trouble(f"Alembic says: {error}") from error
    except Elsewhere as error:
        raise Trouble(
            f"{said(error, file)[0].partition(': ')[0]}: {error}; only the scratch database can be reached here.",
            "Take that out of what env.py and the migrations do, or give a migrated database's postgresql:// URL.",
        ) from None
    except Trouble:
        raise
    except BaseException as error:
        raise Trouble(*said(error, file)) from None


def _check(config: Any, revision: str) -> None:
    """One head, one database. Raises Trouble."""
    from alembic.script import ScriptDirectory

    if config.get_main_option("databases"):
        raise Trouble("It migrates several databases; one at a time can be read.", "Give a database's URL instead.")
    script = ScriptDirectory.from_config(config)
    heads = sorted(script.get_heads())
    if revision == "head" and len(heads) > 1:
        raise Trouble(
            f"There are several heads: {', '.join(heads)}.",
            "Merge them (`alembic merge heads`), or name one behind @ (@heads for all).",
        )


def _run(config: Any, revision: str) -> str:
    """Run them; where no driver is there, the SQL that they would run, which another will."""
    from alembic import command

    try:
        command.upgrade(config(), revision)
    except NoDriver:
        written = io.StringIO()
        command.upgrade(config(output_buffer=written), revision, sql=True)
        return written.getvalue()
    return ""
