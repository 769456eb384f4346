"""A project with Alembic in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.load import start
from generator.load.programs.run import run_program
from generator.model.schema import Schema
from generator.server import Server
from generator.sides import read_side
from tests.load.conftest import Write

Project = Callable[..., Path]
ReadSource = Callable[[str], Schema]

INI = """
[alembic]
script_location = %(here)s/migrations
prepend_sys_path = .
sqlalchemy.url = postgresql://nobody@production.example/shop
"""
ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    engine = engine_from_config(config.get_section("alembic"), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""
ONE = """
revision, down_revision = "one", None
from alembic import op
import sqlalchemy as sa

def upgrade():
    op.execute("CREATE SCHEMA shop")
    op.execute('CREATE EXTENSION IF NOT EXISTS "uuid-ossp"')
    mood = sa.Column("mood", sa.Enum("a", "b", name="mood"))
    op.create_table("people", sa.Column("id", sa.Integer, primary_key=True), mood)
    op.create_table("orders", sa.Column("person", sa.Integer, sa.ForeignKey("people.id")), schema="shop")
    op.bulk_insert(sa.table("people", sa.column("id", sa.Integer)), [{"id": 1}])
"""
TWO = """
revision, down_revision = "two", "one"
from alembic import op

def upgrade():
    with op.get_context().autocommit_block():
        op.create_index("people_by_mood", "people", ["mood"], postgresql_concurrently=True)
    op.execute("CREATE VIEW moods AS SELECT mood FROM people")
"""


@pytest.fixture
def project(write: Write) -> Project:
    """Write a project; the arguments replace its env.py, or add migrations by their names."""

    def _project(env: str = ENV, ini: str = INI, **migrations: str) -> Path:
        write("alembic.ini", ini)
        write("migrations/env.py", env)
        for name, text in {"one": ONE, "two": TWO, **migrations}.items():
            write(f"migrations/versions/{name}.py", text)
        return Path()

    return _project


@pytest.fixture
def read_source(server: Server) -> ReadSource:
    """What a source is in a database."""

    def read(source: str) -> Schema:
        return read_side(start(source).result(), server).schema

    return read


__all__ = ["ENV", "INI", "ONE", "TWO", "Project", "ReadSource", "run_program"]
