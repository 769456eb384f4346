from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.model.plan import Plan
from generator.model.proof import Proof
from generator.model.schema import Schema
from generator.prove.conduct import prove
from generator.prove.request import ProofRequest
from generator.render.environment import environment
from generator.render.scripts import render_scripts, statement_text
from generator.server import Database, Server, open_server
from tests.prove.link_customers import NEW, OLD

TEMPLATES = Path(__file__).parent / "templates"

Declare = Callable[[str], tuple[Database, Schema]]
Prove = Callable[..., Proof]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server() as server:
        yield server


@pytest.fixture(scope="session")
def declared(server: Server) -> Declare:
    """A database that holds some DDL, and what it reads as; the same one for the same DDL."""
    made: dict[str, tuple[Database, Schema]] = {}

    def declare(ddl: str) -> tuple[Database, Schema]:
        if ddl not in made:
            database = server.create_database()
            with database.connect() as connection:
                connection.execute(ddl)
                made[ddl] = (database, read_schema(connection))
        return made[ddl]

    return declare


@pytest.fixture
def proved(server: Server, declared: Declare) -> Prove:
    """Prove a plan, by default between the schemas of the example."""

    def run(plan: Plan, old: str = OLD, new: str = NEW, rows: Path | None = None, **scripts: str) -> Proof:
        old_database, old_schema = declared(old)
        new_database, new_schema = declared(new)
        with_templates = environment(TEMPLATES)
        return prove(
            ProofRequest(
                plan=plan,
                scripts={**render_scripts(plan, TEMPLATES), **scripts},
                old=old_schema,
                new=new_schema,
                server=server,
                old_database=old_database,
                new_database=new_database,
                read=read_schema,
                render_statement=lambda statement: statement_text(statement, with_templates),
                rows_file=rows,
            )
        )

    return run
