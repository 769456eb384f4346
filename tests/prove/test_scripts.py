"""Scripts run the same with psql and without it, and what changed is seen."""

from pathlib import Path

import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.prove.psql import Psql
from generator.prove.state import capture, differences
from generator.prove.trace import trace
from generator.prove.user_rows import Runner
from generator.prove.without_psql import WithoutPsql
from generator.server import Server


@pytest.fixture(params=["psql", "no psql"])
def runner(request: pytest.FixtureRequest, server: Server, tmp_path: Path) -> Runner:
    if request.param == "no psql":
        return WithoutPsql(tmp_path)
    assert server.psql is not None
    return Psql(server.psql, tmp_path)


def test_a_script_runs_in_a_session_of_its_own(runner: Runner, server: Server, tmp_path: Path) -> None:
    (tmp_path / "one.sql").write_text(
        "SET search_path = '';\nCREATE TEMP TABLE things ();\nCREATE TABLE public.kept AS SELECT 1 AS one;\n"
    )
    (tmp_path / "two.sql").write_text("CREATE TABLE found AS SELECT to_regclass('things') AS t, one FROM kept;\n")
    database = server.create_database()
    with runner:
        assert runner.run(database, "one.sql") is None
        assert runner.run(database, "two.sql") is None
    with database.connect() as connection:
        assert connection.execute("SELECT * FROM found").fetchone() == (None, 1)


def test_each_statement_commits_by_itself_and_the_first_error_stops(
    runner: Runner, server: Server, tmp_path: Path
) -> None:
    (tmp_path / "it's one.sql").write_text(
        "CREATE TABLE a ();\nDO $$ BEGIN\n  COMMIT;\nEND $$;\n\nSELECT nothing FROM a;\nCREATE TABLE b ();\n"
    )
    database = server.create_database()
    with runner:
        failure = runner.run(database, "it's one.sql")
    assert failure is not None
    assert failure.line == 6
    assert failure.error == 'column "nothing" does not exist'
    with database.connect() as connection:
        assert connection.execute("SELECT to_regclass('a') IS NULL, to_regclass('b') IS NULL").fetchone() == (
            False,
            True,
        )


def test_it_goes_on_after_a_failure_and_in_another_database(runner: Runner, server: Server, tmp_path: Path) -> None:
    (tmp_path / "bad.sql").write_text("SELECT 1/0;")
    (tmp_path / "good.sql").write_text("CREATE TABLE good ();\nSELECT repeat('x', 100000);")
    one, other = server.create_database(), server.create_database()
    with runner:
        assert runner.run(one, "bad.sql") is not None
        assert runner.run(one, "good.sql") is None
        assert runner.run(other, "good.sql") is None
    with other.connect() as connection:
        assert connection.execute("SELECT to_regclass('good') IS NULL").fetchone() == (False,)


def test_a_transaction_left_open_is_a_failure(server: Server, tmp_path: Path) -> None:
    assert server.psql is not None
    (tmp_path / "open.sql").write_text("BEGIN;\nCREATE TABLE lost ();\n")
    with Psql(server.psql, tmp_path) as psql:
        assert psql.run(server.create_database(), "open.sql") is not None


CHANGES = (
    "ALTER TABLE t ADD COLUMN x int",
    "ALTER TABLE t ALTER COLUMN a SET DEFAULT 5",
    "CREATE INDEX ON t (a)",
    "ALTER TABLE t ADD CHECK (a > 0) NOT VALID",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TYPE e AS ENUM ('x')",
    "COMMENT ON COLUMN t.a IS 'new'",
    "CREATE SCHEMA s",
    "ALTER TABLE t RENAME COLUMN a TO b",
    "CREATE VIEW v AS SELECT 1 AS one",
    "ALTER SEQUENCE q INCREMENT BY 2",
    "DROP TABLE t",
    "INSERT INTO t VALUES (2)",
    "UPDATE t SET a = 3",
)


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_leaves_a_trace(server: Server, change: str) -> None:
    database = server.create_database()
    with database.connect() as connection:
        connection.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE SEQUENCE q")
        before = trace(connection)
        assert trace(connection) == before
        connection.execute(change)
        assert trace(connection) != before


def test_what_is_temporary_leaves_no_trace(server: Server) -> None:
    database = server.create_database()
    with database.connect() as connection, database.connect() as other:
        before = trace(connection)
        other.execute(
            "CREATE TEMP TABLE t AS SELECT 1; CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"
        )
        assert trace(connection) == before


def test_a_state_tells_what_differs_by_its_name(server: Server) -> None:
    database = server.create_database()
    with database.connect() as connection:
        connection.execute("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x')")
        old = capture(connection, read_schema)
        connection.execute(
            "ALTER TABLE t ALTER COLUMN b SET NOT NULL, ADD CONSTRAINT c CHECK (a > 0);"
            " CREATE FUNCTION _gm_f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
            " CREATE TABLE _gm_side (id int); ALTER TABLE t ADD COLUMN _gm_dropped_c int"
        )
        new = capture(connection, read_schema)
    found = differences(old.schema, new.schema)
    assert ("table t, column b", "text", "text NOT NULL") in found
    assert ("table t, check c", "-", "CHECK ((a > 0))") in found
    assert {"function _gm_f", "relation _gm_side", "column t._gm_dropped_c"} <= set(new.helpers)
    assert differences(old.schema, old.schema) == []


def test_the_order_of_columns_is_no_difference(server: Server) -> None:
    schemas = []
    for ddl in ("CREATE TABLE t (a int, b text)", "CREATE TABLE t (b text, a int)"):
        with server.create_database().connect() as connection:
            connection.execute(ddl)
            schemas.append(read_schema(connection))
    assert differences(*schemas) == []
