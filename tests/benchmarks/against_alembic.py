"""The whole command, proof included, against ``alembic revision --autogenerate`` for the same change.

    python -m tests.benchmarks.against_alembic [--rounds 5] [--tables 0,100,1000]

0 tables stands for ``examples/link_customers``; the others have 1 % of their tables changed. Alembic compares the new
models with a live database, which is set up outside the measurement, on a server of the same build and settings as the
one our command starts and ends within it. So our figures carry a whole server, and Alembic's none.
"""

import argparse
import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path

from generator.server import Database, open_server
from tests.benchmarks.measure import Command, alternate, report, tree_peak
from tests.benchmarks.models import write_models

_BIN = Path(sys.executable).parent
_EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "link_customers"

# Alembic's floor: import the new models, reflect the database, compare, render. No logging, no connection pool.
_ENV = """
from alembic import context
from sqlalchemy import create_engine, pool

from new import Base

with create_engine({url!r}, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
_MAKO = '''"""${message}"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''
_INI = "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = %(here)s\n"


def main() -> None:
    """Print one table a size."""
    parser = argparse.ArgumentParser(description="ratios against alembic revision --autogenerate")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tables", default="0,100,1000")
    arguments = parser.parse_args()
    for tables in (int(number) for number in arguments.tables.split(",")):
        with tempfile.TemporaryDirectory(prefix="gen-migration-benchmark-") as folder, open_server() as server:
            print(_compare(Path(folder), server.create_database(), tables, arguments.rounds), flush=True)


def _compare(folder: Path, database: Database, tables: int, rounds: int) -> str:
    old, new = folder / "old.py", folder / "new.py"
    if tables:
        write_models(folder, tables, tables // 100)
    else:
        shutil.copy(_EXAMPLE / "old.py", old)
        shutil.copy(_EXAMPLE / "new.py", new)
    _create(old, _url(database))
    commands = {
        "gen-migration": _ours(folder, old, new),
        "alembic": _alembic(folder, _url(database)),
    }
    title = f"{tables} tables, {tables // 100} changed" if tables else "examples/link_customers"
    text = report(title, alternate(commands, rounds), "gen-migration", "alembic")
    ours, theirs = (tree_peak(commands[name]) for name in ("gen-migration", "alembic"))
    if theirs:
        figures = f"{ours:>14.3f} MiB {theirs:>16.3f} MiB {ours / theirs:>8.2f}"
        text += f"\n  together {figures}   all processes at one time (ours with its server, Alembic's without)"
    return text


def _ours(folder: Path, old: Path, new: Path) -> Command:
    out = folder / "out"
    return Command(
        argv=(str(_BIN / "gen-migration"), str(old), str(new), "--out", str(out)),
        cwd=folder,
        before=lambda: shutil.rmtree(out, ignore_errors=True),
    )


def _alembic(folder: Path, url: str) -> Command:
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "migrations" / "env.py").write_text(_ENV.format(url=url))
    (folder / "migrations" / "script.py.mako").write_text(_MAKO)
    (folder / "alembic.ini").write_text(_INI)

    def empty() -> None:
        for revision in versions.glob("*.py"):
            revision.unlink()

    argv = (str(_BIN / "alembic"), "-c", "alembic.ini", "revision", "--autogenerate", "-m", "change")
    return Command(argv=argv, cwd=folder, before=empty)


def _url(database: Database) -> str:
    """The database as SQLAlchemy writes it."""
    from psycopg.conninfo import conninfo_to_dict
    from sqlalchemy import URL

    parts = {key: str(value) for key, value in conninfo_to_dict(database.conninfo).items()}
    return URL.create(
        "postgresql+psycopg",
        username=parts.get("user"),
        password=parts.get("password"),
        database=parts.get("dbname"),
        query={key: parts[key] for key in ("host", "port") if key in parts},
    ).render_as_string(hide_password=False)


def _create(models: Path, url: str) -> None:
    """Make the tables of the old models in the database that Alembic compares with."""
    from sqlalchemy import create_engine, pool

    spec = importlib.util.spec_from_file_location("old_models", models)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["old_models"] = module
    spec.loader.exec_module(module)
    engine = create_engine(url, poolclass=pool.NullPool)
    module.Base.metadata.create_all(engine)
    engine.dispose()
    del sys.modules["old_models"]


if __name__ == "__main__":
    main()
