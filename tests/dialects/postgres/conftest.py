from collections.abc import Callable, Iterator

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


@pytest.fixture
def read(server: Server) -> Iterator[Read]:
    """What a database reads as that holds some DDL; run as a superuser, who may make everything."""
    made = []

    def declare(ddl: str) -> Schema:
        database = server.create_database()
        made.append(database)
        with database.connect(superuser=True) as connection:
            if ddl.strip():
                connection.execute(ddl.encode())
            return read_schema(connection)

    yield declare
    for database in made:
        server.drop_database(database)
