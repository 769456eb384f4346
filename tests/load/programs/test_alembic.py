"""A project's Alembic migrations, run to their head or to a revision on the scratch server, and nowhere else."""

import subprocess
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import narrow, start
from generator.pipeline import Request, run
from generator.server import Server
from tests.load.conftest import Write
from tests.load.programs.conftest import ENV, INI, Project, ReadSource

PLAIN = "postgresql://nobody@192.0.2.1:5432/production"
ELSEWHERE = PLAIN.replace("postgresql", "postgresql+psycopg")
NO_COLUMN = """
from alembic import op
revision, down_revision = "two", "one"
def upgrade(): op.execute("SELECT nope")
"""
BRANCH = """
revision, down_revision = "other", "one"
def upgrade(): pass
"""


def test_migrations_are_run_to_their_head(project: Project, read_source: ReadSource) -> None:
    project()
    schema = read_source("alembic:alembic.ini")
    assert sorted(str(table.name) for table in schema.tables) == ["people", "shop.orders"]
    assert [index.name for table in schema.tables for index in table.indexes] == ["people_by_mood"]
    assert [enum.values for enum in schema.enums] == [("a", "b")]
    assert [other.name for other in schema.others if other.kind == "view"] == ["moods"]
    assert "uuid-ossp" in {extension.name for extension in schema.extensions}


@pytest.mark.parametrize("source", ["alembic:.@one", "alembic:alembic.ini@one", "alembic:alembic.ini@head-1"])
def test_a_revision_can_be_named(project: Project, read_source: ReadSource, source: str) -> None:
    project()
    assert [other for other in read_source(source).others if other.kind == "view"] == []


def test_nothing_is_left_out_before_it_has_run(project: Project) -> None:
    project()
    declared = start("alembic:alembic.ini").result()
    assert narrow(declared, declared) == (declared, declared)


@pytest.mark.parametrize(
    "made",
    [
        f"create_engine('{ELSEWHERE}')",
        f"create_engine('{PLAIN}')",
        f"create_engine('{ELSEWHERE}', connect_args=dict(host='192.0.2.1', connect_timeout=2))",
        f"create_engine('postgresql+psycopg://', creator=lambda: psycopg.connect('{PLAIN}'))",
        "create_engine('sqlite:///production.db')",
        "sqlalchemy.engine.create_engine(os.environ['DATABASE_URL'])",
        f"from_url('{ELSEWHERE}')",
    ],
)
def test_an_engine_for_another_database_is_one_for_the_scratch_database(
    project: Project, read_source: ReadSource, made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", ELSEWHERE)
    monkeypatch.setenv("PGHOST", "192.0.2.1")
    head = """
    import os, psycopg, sqlalchemy
    from sqlalchemy import create_engine
    from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
    from sqlalchemy.engine.create import create_engine as from_url
    """
    env = "\n".join(line.strip() for line in head.splitlines()) + ENV.replace(
        'engine_from_config(config.get_section("alembic"), prefix="sqlalchemy.", poolclass=pool.NullPool)', made
    )
    project(env=env)
    assert len(read_source("alembic:alembic.ini").tables) == 2
    assert not (tmp_path / "production.db").exists()


def test_the_drivers_themselves_lead_there_too(project: Project, read_source: ReadSource) -> None:
    body = f"""
import psycopg
with psycopg.connect("{PLAIN}", connect_timeout=2) as connection:
    connection.execute("CREATE TABLE by_hand ()")
with psycopg.Connection.connect(host="192.0.2.1", dbname="production") as connection:
    connection.execute("CREATE TABLE by_hand_too ()")
"""
    project(env=body + ENV)
    tables = {str(table.name) for table in read_source("alembic:alembic.ini").tables}
    assert {"by_hand", "by_hand_too"} <= tables


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("import socket; socket.create_connection(('192.0.2.1', 5432), timeout=2)", "wanted to connect to .*192.0.2.1"),
        ("import subprocess; subprocess.run(['psql', '-h', 'db', '-c', 'DROP TABLE x'])", "wanted to run psql"),
        ("import subprocess; subprocess.run('echo x | psql', shell=True)", "wanted to run"),
        ("import os; os.system('pg_dump production')", "wanted to run pg_dump"),
        ("import os; os.execvp('psql', ['psql'])", "wanted to run psql"),
    ],
)
def test_what_leads_elsewhere_in_other_ways_is_refused(
    project: Project, read_source: ReadSource, body: str, message: str
) -> None:
    project(env=f"try:\n    {body}\nexcept Exception:\n    pass\n{ENV}")
    with pytest.raises(BadInput, match=f"(?s)migrations/env.py:2: .*{message}.*only the scratch database"):
        read_source("alembic:alembic.ini")


def test_without_a_driver_the_sql_that_alembic_writes_is_run(
    project: Project, read_source: ReadSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    online = None
    for sabotage in ("", "import importlib.util\nimportlib.util.find_spec = lambda *_: None\n"):
        project(env=sabotage + ENV)
        schema = read_source("alembic:alembic.ini@one")
        online = online or schema
        assert [str(table.name) for table in schema.tables if table.name.name != "alembic_version"] == [
            "people",
            "shop.orders",
        ]


def test_the_models_are_compared_with_what_the_migrations_made(project: Project, write: Write, server: Server) -> None:
    project()
    models = """
from sqlalchemy import *
m = MetaData()
Table("people", m, Column("id", Integer, primary_key=True), Column("mood", Enum("a", "b", name="mood")),
      Index("people_by_mood", "mood"), Column("note", Text))
Table("orders", m, Column("person", ForeignKey("people.id")), schema="shop")
"""
    write("models.py", models)
    outcome = run(Request(old="alembic:alembic.ini", new="models.py", prove=False, server=server.superuser_conninfo))
    assert outcome.plan is not None
    assert "ADD COLUMN note" in outcome.files["01_expand.sql"]
    assert "05_cleanup.sql" not in outcome.files


BRANCH = TWO_HEADS = """
revision, down_revision = "other", "one"
def upgrade(): pass
"""


@pytest.mark.parametrize(
    ("more", "source", "message"),
    [
        ({}, "alembic:nowhere.ini", "there is no such file"),
        ({}, "alembic:migrations", "there is no alembic.ini in migrations"),
        ({}, "alembic:migrations/env.py", "there is no section of Alembic in it"),
        ({}, "alembic:alembic.ini@nine", "Alembic says: Can't locate revision .*'nine'"),
        ({"other": BRANCH}, "alembic:alembic.ini", "several heads: other, two"),
        ({"two": "1 / 0"}, "alembic:alembic.ini", r"migrations/versions/two.py:1: ZeroDivisionError"),
        ({"env": "import settings_of_ours"}, "alembic:alembic.ini", r"env.py:1: ModuleNotFoundError"),
        ({"env": "raise SystemExit(1)"}, "alembic:alembic.ini", "ends the program"),
        ({"env": "import os; os._exit(3)"}, "alembic:alembic.ini", "exit code 3"),
        ({"ini": INI + "databases = one, two\n"}, "alembic:alembic.ini", "several databases"),
        (
            {"two": NO_COLUMN},
            "alembic:alembic.ini",
            r'(?s)migrations/versions/two.py:4: .*column "nope" does not exist',
        ),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told(
    project: Project, read_source: ReadSource, more: dict[str, str], source: str, message: str
) -> None:
    project(**more)
    with pytest.raises(BadInput, match=message):
        read_source(source)


def test_all_heads_can_be_asked_for(project: Project, read_source: ReadSource) -> None:
    project(other=BRANCH)
    assert len(read_source("alembic:alembic.ini@heads").tables) == 2


@pytest.mark.parametrize("source", ["HEAD:alembic:alembic.ini", "HEAD:alembic:."])
def test_migrations_of_a_revision_are_run_as_they_were(
    project: Project, read_source: ReadSource, tmp_path: Path, source: str
) -> None:
    project()
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "one")):
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)
    project(two="1 / 0")
    assert [other.name for other in read_source(source).others if other.kind == "view"] == ["moods"]
