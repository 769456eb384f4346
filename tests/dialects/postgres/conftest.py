from collections.abc import Callable, Iterator

import psycopg
import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.model.schema import Schema
from generator.server import Database, Server, open_server

Read = Callable[[str], Schema]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    made = server.create_database()
    yield made
    server.drop_database(made)


@pytest.fixture(scope="session")
def workbench(server: Server) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A superuser's connection to a database that stays empty."""
    with server.create_database().connect(superuser=True) as connection:
        yield connection


@pytest.fixture
def read(workbench: psycopg.Connection[tuple[object, ...]]) -> Read:
    """What a database reads as that holds some DDL, made by a superuser in a transaction that is rolled back."""

    def declare(ddl: str) -> Schema:
        with workbench.transaction(force_rollback=True):
            if ddl.strip():
                workbench.execute(ddl.encode())
            return read_schema(workbench)

    return declare
