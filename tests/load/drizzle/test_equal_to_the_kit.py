"""What is read from a snapshot equals what drizzle-kit's own SQL makes, for everything that its schema can say."""

import shutil
from pathlib import Path

import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.declare import declare
from generator.load.drizzle.snapshot import load_folder
from generator.model.declared import Declared, Unit
from generator.model.schema import Schema
from generator.server import Server
from tests.load.drizzle.kit import VERSIONS, generate, sql_of

FIXTURES = Path(__file__).parent / "fixtures"


def catalog(declared: Declared, server: Server) -> Schema:
    database = server.create_database()
    with database.connect(superuser=True) as superuser:
        superuser.execute((FIXTURES.parent / "fake_vectors.sql").read_bytes())
    with database.connect() as connection:
        declare(declared, connection, lambda: database.connect(superuser=True))
        return read_schema(connection)


def made_by(sql: str, server: Server) -> Schema:
    # What a schema of Drizzle cannot say, and its users write by hand.
    before = "CREATE EXTENSION citext;\n" if "citext" in sql else ""
    unit = Unit(name="file 1.sql", sql=before + sql, origin="1.sql:1")
    return catalog(Declared(source="drizzle-kit", units=(unit,)), server)


def recorded(version: str) -> Path:
    return FIXTURES / f"everything_{version}"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_catalog_of_a_recorded_snapshot_is_that_of_the_sql_written_with_it(version: str, server: Server) -> None:
    folder = recorded(version) / "drizzle"
    assert catalog(load_folder(folder), server) == made_by(sql_of(recorded(version)), server)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_catalog_of_a_snapshot_is_that_of_the_sql_that_the_kit_writes_now(
    version: str, server: Server, tmp_path: Path
) -> None:
    shutil.copy(FIXTURES / "everything.ts", tmp_path / "schema.ts")
    generate(version, tmp_path, "schema.ts")
    assert catalog(load_folder(tmp_path / "drizzle"), server) == made_by(sql_of(tmp_path), server)


def test_differences_are_replayed_renames_and_all(server: Server) -> None:
    folder = FIXTURES / "renamed_1.0" / "drizzle"
    # The kit's first: it renames a role, and both sides are on one server.
    assert made_by(next(folder.glob("*_one/*.sql")).read_text(), server) == catalog(load_folder(folder, "one"), server)
    assert made_by(sql_of(folder.parent), server) == catalog(load_folder(folder), server)
