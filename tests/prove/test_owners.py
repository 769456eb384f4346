"""Objects are given to other owners last of all, and back first of all, by whoever may."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.model.plan import Stage
from generator.pipeline import Outcome, Request, run
from generator.server import Database, Server, open_server

_OLD = """
create table t(id int primary key, a text, b int); create view v as select id, a from t;
create schema s; create table s.q(id int primary key);
"""
_NEW = """
create table t(id int primary key, a text, b int, c int not null default 1); create view v as select a, id from t;
create schema s; create table s.q(id int primary key); create index q_i on s.q (id);
"""


def _owned(by: str) -> str:
    return "".join(f"alter {each} owner to {by};\n" for each in ("table t", "view v", "schema s", "table s.q"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("owners")
    (folder / "old.sql").write_text(_OLD + _owned("shop"))
    (folder / "new.sql").write_text(_NEW + _owned("store"))
    return run(Request(old=str(folder / "old.sql"), new=str(folder / "new.sql")))


def test_the_owner_comes_last_and_is_proved(planned: Outcome) -> None:
    assert planned.proof is not None
    assert planned.proof.findings == ()
    assert planned.plan is not None
    steps = planned.plan.steps
    purposes = [step.purpose for step in steps]
    assert purposes[-4:] == [
        "Give the schema s to store.",
        "Give the table s.q to store.",
        "Give the table t to store.",
        "Give the view v to store.",
    ]
    assert {step.stage for step in steps[-4:]} == {Stage.CONTRACT}
    assert [hazard.code for step in steps for hazard in step.hazards] == ["needs-superuser"]


def test_who_is_a_member_of_neither_is_told_once_what_a_superuser_has_to_run(
    planned: Outcome, server: Server, tmp_path: Path
) -> None:
    database = server.create_database()
    with database.connect(superuser=True) as superuser:
        for statement in (
            "CREATE ROLE shop LOGIN",
            "CREATE ROLE store",
            f"ALTER DATABASE {database.name} OWNER TO shop",
        ):
            superuser.execute(statement.encode())
    shop = database.conninfo.replace("gen_migration_owner", "shop")
    assert _psql(server, shop, "-c", _OLD) == ""
    for name, text in planned.files.items():
        (tmp_path / name).write_text(text)
    stages = sorted(name for name in planned.files if re.fullmatch(r"0\d_[a-z]+\.sql", name))
    for file in stages:
        _helped(server, database, shop, tmp_path / file)
    assert _owners(database) == {("t", "store"), ("v", "store"), ("q", "store"), ("s", "store")}
    for file in reversed(stages):
        _helped(server, database, shop, tmp_path / file.replace(".sql", ".rollback.sql"))
    assert _owners(database) == {("t", "shop"), ("v", "shop"), ("q", "shop"), ("s", "shop")}


def _helped(server: Server, database: Database, conninfo: str, file: Path) -> None:
    """The script runs to its end, or does so once a superuser has run what it names."""
    said = _psql(server, conninfo, "-f", str(file))
    asked = re.search(r"run this file again: (.*)", said)
    if asked is not None:
        assert asked[1].count("ALTER ") == 4
        assert _psql(server, database.superuser_conninfo, "-c", asked[1]) == ""
        said = _psql(server, conninfo, "-f", str(file))
    assert "ERROR" not in said


def _psql(server: Server, conninfo: str, *arguments: str) -> str:
    assert server.psql is not None
    argv = [str(server.psql), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", conninfo, *arguments]
    return subprocess.run(argv, capture_output=True, text=True, check=False).stderr


def _owners(database: Database) -> set[tuple[str, str]]:
    with database.connect() as connection:
        return set(
            connection.execute(
                "SELECT relname::text, pg_get_userbyid(relowner)::text FROM pg_class WHERE relname IN ('t', 'v', 'q')"
                " UNION ALL SELECT nspname, pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 's'"
            ).fetchall()
        )
