"""The examples: what is written for them is what was approved, and does what it says on rows.

``RECORD=1 pytest tests/test_examples.py`` writes ``examples/*/expected/`` anew; read the difference before it is taken.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.declare import declare
from generator.diff import compare
from generator.load import start
from generator.model.answers import Answers
from generator.model.schema import Schema
from generator.server import Database, Server, open_server
from tests.examples import EXAMPLES, MAJOR, Example, psql, write
from tests.forms import drizzle_example

NOT_ALL_THE_WAY_BACK = {
    "require_column": "an enum keeps its new value, and which plans were NULL before is not kept; the plan says both"
}
RECORD = bool(os.environ.get("RECORD"))
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_server(major=MAJOR) as opened:
        if opened.major != MAJOR:
            pytest.skip(f"the golden files are for PostgreSQL {MAJOR}, and here is {opened.version}")
        yield opened


@pytest.fixture
def old(server: Server, example: Example) -> Iterator[Database]:
    """A database with the old schema."""
    database = server.create_database()
    declare_source(example.old, database)
    yield database
    server.drop_database(database)


def declare_source(source: Path, database: Database) -> None:
    with database.connect() as connection:
        declare(start(str(source)).result(), connection)


def catalog(database: Database) -> Schema:
    with database.connect() as connection:
        return read_schema(connection)


def goal(server: Server, example: Example) -> Schema:
    database = server.create_database()
    declare_source(example.new, database)
    try:
        return catalog(database)
    finally:
        server.drop_database(database)


def any_patch(text: str) -> str:
    """Without the patch release of the server, in which machines may differ."""
    return re.sub(rf"\b{MAJOR}\.\d+\b", f"{MAJOR}.N", text)


def rows(database: Database, schema: Schema) -> dict[str, list[str]]:
    from generator.dialects.postgres.names import qname

    with database.connect() as connection:
        return {
            str(table.name): sorted(
                str(row[0]) for row in connection.execute(f"SELECT t::text FROM {qname(table.name)} t".encode())
            )
            for table in schema.tables
        }


def verified(example: Example, server: Server, database: Database) -> list[tuple[str, bool]]:
    """What verify.sql says: the stage of each step, and whether it is done."""
    done = psql(server, database, example.folder / "expected" / "verify.sql")
    assert done.returncode == 0, done.stderr
    rows = re.findall(r"^ (\w+) +\|.*\| ([tf])$", done.stdout, re.MULTILINE)
    assert rows
    return [(stage, mark == "t") for stage, mark in rows]


@each_example
def test_what_is_written_is_what_was_approved(example: Example, tmp_path: Path) -> None:
    done = write(example, tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    expected = example.folder / "expected"
    written = {path.name: path.read_text() for path in sorted((tmp_path / "out").iterdir())}
    if RECORD:
        shutil.rmtree(expected, ignore_errors=True)
        expected.mkdir()
        for name, text in written.items():
            (expected / name).write_text(text)
    approved = {path.name: path.read_text() for path in expected.iterdir() if path.name != "dirty_rows.txt"}
    assert sorted(written) == sorted(approved)
    for name, text in written.items():
        assert any_patch(text) == any_patch(approved[name]), name


def test_what_is_written_for_drizzle_is_what_was_approved(server: Server, tmp_path: Path) -> None:
    files = drizzle_example.written(tmp_path)
    if RECORD:
        drizzle_example.record(files)
    approved = drizzle_example.files_in(drizzle_example.EXPECTED)
    assert sorted(files) == sorted(approved)
    for name, text in files.items():
        assert text == approved[name], name


@each_example
def test_the_scripts_lead_to_the_new_schema(example: Example, server: Server, old: Database) -> None:
    loaded = psql(server, old, example.folder / "rows.sql")
    assert loaded.returncode == 0, loaded.stderr
    assert not all(done for _, done in verified(example, server, old))
    counts = {name: len(each) for name, each in rows(old, catalog(old)).items()}
    for script in example.scripts():
        done = psql(server, old, script)
        assert done.returncode == 0, f"{script.name}: {done.stderr}"
    left = compare(catalog(old), goal(server, example), Answers())
    assert not left.changes
    assert not left.refusals
    assert not left.questions
    assert all(done for stage, done in verified(example, server, old) if stage == "validate")
    after = {name: len(each) for name, each in rows(old, catalog(old)).items()}
    assert all(after[name] >= count for name, count in counts.items() if name in after)


@each_example
def test_the_rollbacks_lead_back(example: Example, server: Server, old: Database) -> None:
    assert psql(server, old, example.folder / "rows.sql").returncode == 0
    schema = catalog(old)
    before = rows(old, schema)
    kept = [script for script in example.scripts() if "cleanup" not in script.name]
    for script in kept:
        assert psql(server, old, script).returncode == 0
    for script in reversed(kept):
        done = psql(server, old, script.with_suffix(".rollback.sql"))
        assert done.returncode == 0, f"{script.name}: {done.stderr}"
    if example.name not in NOT_ALL_THE_WAY_BACK:
        assert catalog(old) == schema
        assert rows(old, schema) == before


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if (example.folder / "dirty_rows.sql").exists()],
    ids=lambda example: example.name,
)
def test_dirty_rows_are_named_and_nothing_is_changed(example: Example, server: Server, old: Database) -> None:
    assert psql(server, old, example.folder / "dirty_rows.sql").returncode == 0
    schema = catalog(old)
    before = rows(old, schema)
    said = ""
    ran: list[Path] = []
    for script in example.scripts():
        done = psql(server, old, script)
        ran.append(script)
        if done.returncode != 0:
            said = done.stderr
            break
    assert said
    golden = example.folder / "expected" / "dirty_rows.txt"
    if RECORD:
        golden.write_text(said)
    assert said == golden.read_text()
    for script in reversed(ran):
        assert psql(server, old, script.with_suffix(".rollback.sql")).returncode == 0
    if example.name not in NOT_ALL_THE_WAY_BACK:
        assert catalog(old) == schema
        assert rows(old, schema) == before


def test_every_dirty_customer_is_named() -> None:
    (example,) = (example for example in EXAMPLES if example.name == "link_customers")
    said = (example.folder / "expected" / "dirty_rows.txt").read_text()
    for text in ("Ada@example.org ", "nobody@example.org", "grace@example.org"):
        assert text in said
