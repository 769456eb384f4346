"""What is written for Alembic is run by Alembic."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.server import Server
from tests.forms.journey import go
from tests.forms.world import SHOP, World, generate

_ENV = """
import sys
from alembic import context
from sqlalchemy import create_engine, pool
sys.path.insert(0, {models!r})
import new
if context.is_offline_mode():
    context.configure(dialect_name="postgresql", target_metadata=new.Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
else:
    with create_engine({url!r}, poolclass=pool.NullPool).connect() as connection:
        context.configure(connection=connection, target_metadata=new.Base.metadata{options})
        with context.begin_transaction():
            context.run_migrations()
"""
_FIRST = """
revision = "aaaa"
down_revision = None
branch_labels = None
depends_on = None
def upgrade() -> None:
    pass
def downgrade() -> None:
    pass
"""


@dataclass(frozen=True, kw_only=True)
class Alembic:
    """A project with one revision before ours."""

    folder: Path

    def __call__(self, *words: str) -> str:
        """Run ``alembic``; what it wrote."""
        program = Path(sys.executable).parent / "alembic"
        done = subprocess.run([program, *words], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def forwards(self, stage: str) -> None:
        self("upgrade", f"customers_user_id_{stage}")

    def back(self, stage: str) -> None:
        stages = ("expand", "backfill", "validate", "contract")
        number = stages.index(stage)
        self("downgrade", f"customers_user_id_{stages[number - 1]}" if number else "aaaa")


def project(folder: Path, world: World, options: str = "") -> Alembic:
    """As ``alembic init`` makes it, in short."""
    (folder / "alembic" / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/alembic\n")
    text = _ENV.format(models=str(SHOP), url=world.url("postgresql+psycopg"), options=options)
    (folder / "alembic" / "env.py").write_text(text)
    (folder / "alembic" / "versions" / "aaaa_first.py").write_text(_FIRST)
    made = Alembic(folder=folder)
    made("upgrade", "head")
    return made


@pytest.mark.parametrize("options", ["", ", transaction_per_migration=True"], ids=["one transaction", "one each"])
def test_it_goes_all_the_way(world: World, tmp_path: Path, options: str) -> None:
    alembic = project(tmp_path, world, options)
    said = generate("--to", "alembic", cwd=tmp_path)
    assert "alembic upgrade customers_user_id_expand" in said
    go(world, alembic)
    assert "No new upgrade operations detected" in alembic("check")
    alembic("downgrade", "base")
    alembic("upgrade", "head")
    world.is_new()


def test_its_offline_script_does_the_same(world: World, tmp_path: Path, server: Server) -> None:
    alembic = project(tmp_path, world)
    generate("--to", "alembic", cwd=tmp_path)
    schema, rows = world.schema(), world.rows()
    assert server.psql is not None
    psql = [str(server.psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", world.database.conninfo]
    for words in (("upgrade", "aaaa:head"), ("downgrade", "head:aaaa")):
        script = alembic(*words, "--sql")
        done = subprocess.run(psql, input=script, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        if words[0] == "upgrade":
            world.is_new()
    assert world.schema() == schema
    assert world.rows() == rows
