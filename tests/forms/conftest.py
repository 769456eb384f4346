"""A database with the old schema and 1,000 rows for each runner's test, on one server."""

from collections.abc import Iterator

import pytest

from generator.model.schema import Schema
from generator.server import Database, Server, open_server
from tests.forms.door import open_door
from tests.forms.world import SHOP, World, declared


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


@pytest.fixture(scope="session")
def port(server: Server) -> Iterator[int]:
    with open_door(server) as number:
        yield number


@pytest.fixture(scope="session")
def new_schema(server: Server) -> Schema:
    return declared(SHOP / "new.py", server)[1]


@pytest.fixture(scope="session")
def old_database(server: Server) -> Database:
    return declared(SHOP / "old.py", server)[0]


@pytest.fixture
def world(server: Server, port: int, new_schema: Schema, old_database: Database) -> World:
    made = World(server=server, database=server.create_database(old_database), port=port, new=new_schema)
    made.fill()
    return made


@pytest.fixture
def empty_world(server: Server, port: int, new_schema: Schema) -> World:
    """A database with nothing in it, for runners that make the old schema themselves."""
    return World(server=server, database=server.create_database(), port=port, new=new_schema)
