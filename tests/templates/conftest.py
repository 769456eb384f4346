"""One server for all tests of templates, and a database of its own for each."""

from collections.abc import Iterator

import pytest

from generator.server import Server, open_server
from tests.templates.scripts import Scratch


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


@pytest.fixture
def scratch(server: Server) -> Iterator[Scratch]:
    """A database without anything in it, and ways to run rendered scripts there."""
    database = server.create_database()
    assert server.psql is not None
    with database.connect() as connection:
        yield Scratch(database=database, psql=server.psql, connection=connection)
    server.drop_database(database)
