"""A live database: drift, left-overs, a migration half done, estimates. It is only read."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from generator.check import CheckResult
from generator.dialects.postgres.declare import declare
from generator.load import start
from generator.prove.bench import runner_for
from generator.prove.trace import trace
from generator.server import Database, Server
from tests.check.conftest import SHOP, Checked, codes
from tests.examples import EXAMPLES

NEW = SHOP.replace("total integer", "total bigint")
LINK_CUSTOMERS = next(example for example in EXAMPLES if example.name == "link_customers")
SIDES = {"old.py": LINK_CUSTOMERS.old.read_text(), "new.py": LINK_CUSTOMERS.new.read_text()}


def url(database: Database) -> str:
    parts = conninfo_to_dict(database.conninfo)
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}&port={parts['port']}"


@pytest.fixture
def live(server: Server) -> Iterator[Database]:
    made = server.create_database()
    yield made
    server.drop_database(made)


def of_shop(live: Database, checked: Checked, *then: str, new: str = NEW, answers: str = "") -> CheckResult:
    with live.connect() as connection:
        for statement in (SHOP, *then):
            connection.execute(statement.encode())
        before = trace(connection)
        files = {"old.sql": SHOP, "new.sql": new, **({"answers.toml": answers} if answers else {})}
        result = checked(files, database=url(live))
        assert trace(connection) == before
    return result


def test_a_database_that_is_what_old_says_holds(live: Database, checked: Checked) -> None:
    result = of_shop(live, checked, new=SHOP.replace("note text", "note text, more text"))
    assert codes(result) == []
    assert result.check.passed[-1].endswith("is what OLD says.")


def test_drift_is_told_thing_by_thing(live: Database, checked: Checked) -> None:
    result = of_shop(
        live,
        checked,
        "ALTER TABLE orders ADD COLUMN extra integer",
        "CREATE INDEX slow ON orders (note)",
        "DROP TABLE orders CASCADE; CREATE TABLE orders (id bigint PRIMARY KEY, user_id uuid NOT NULL, extra integer)",
        new=SHOP,
    )
    found = {each.where.object: each.message for each in result.check.findings if each.code == "database-drifted"}
    assert found["table orders, column extra"].endswith("OLD has nothing, the database has integer.")
    assert found["table orders, column note"].endswith("OLD has text, the database has nothing.")
    assert any("foreign key" in what for what in found)
    assert result.check.exit_code == 1


def test_left_overs_are_told(live: Database, checked: Checked) -> None:
    with live.connect() as connection:
        connection.execute(SHOP)
        connection.execute("INSERT INTO users VALUES (gen_random_uuid(), 'a')")
        connection.execute("INSERT INTO orders SELECT n, id, 'same', 0 FROM users, generate_series(1, 2) AS n")
        connection.execute("ALTER TABLE orders ADD CONSTRAINT later CHECK (total > 0) NOT VALID")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("CREATE UNIQUE INDEX CONCURRENTLY torn ON orders (note)")
        connection.execute("CREATE TABLE _gm_orders_total_progress (id int)")
    result = checked({"old.sql": SHOP, "new.sql": SHOP + "-- same"}, database=url(live))
    found = {each.code: each for each in result.check.findings}
    assert "later of orders is NOT VALID" in found["constraint-not-valid"].message
    assert "torn on orders is INVALID" in found["index-invalid"].message
    assert "relation _gm_orders_total_progress" in found["helper-left"].message


def test_how_far_a_migration_has_come_is_told(live: Database, checked: Checked, server: Server) -> None:
    folder = LINK_CUSTOMERS.folder / "expected"
    with live.connect() as connection:
        declare(start(str(LINK_CUSTOMERS.old)).result(), connection)
    assert "stage-unfinished" not in codes(checked(SIDES, database=url(live)))
    said = {}
    with runner_for(server.psql, folder) as run:
        for name in ("01_expand", "02_backfill", "03_validate", "04_contract"):
            assert run.run(live, f"{name}.sql") is None
            result = checked(SIDES, database=url(live))
            assert "database-drifted" not in codes(result), name
            messages = [each.message for each in result.check.findings if each.code == "stage-unfinished"]
            said[name] = messages[0] if messages else result.check.passed[-1]
    assert said["01_expand"].endswith("expand is done; validate is not done; contract is not done.")
    assert said["03_validate"].endswith("expand is done; validate is done; contract is not done.")
    assert said["04_contract"].endswith("is what NEW says: the migration has been run.")


def test_a_stage_that_is_half_done_is_named_with_what_it_lacks(
    live: Database, checked: Checked, server: Server
) -> None:
    with live.connect() as connection:
        declare(start(str(LINK_CUSTOMERS.old)).result(), connection)
        connection.execute("ALTER TABLE customers ADD COLUMN user_id uuid")
    result = checked(SIDES, database=url(live))
    (message,) = [each.message for each in result.check.findings if each.code == "stage-unfinished"]
    assert "expand is half done and lacks: Fill customers.user_id by a trigger" in message


def test_what_statements_will_touch_is_estimated_and_a_long_stop_told(live: Database, checked: Checked) -> None:
    generated = "total integer, twice integer GENERATED ALWAYS AS (total * 2) STORED"
    result = of_shop(
        live,
        checked,
        "INSERT INTO users VALUES ('00000000-0000-0000-0000-000000000001', 'a')",
        "INSERT INTO orders SELECT n, id, repeat('x', 1000), 0 FROM users, generate_series(1, 30000) AS n",
        "ANALYZE orders",
        new=SHOP.replace("total integer", generated),
        answers='[accept]\nlocks = ["orders"]\n',
    )
    (slow,) = [each for each in result.check.findings if each.code == "slow-statement"]
    assert "stop writes to orders" in slow.message
    assert "an estimate:" in slow.message
    (estimate,) = [each for each in result.check.estimates if each.rows]
    assert estimate.rows == 30000
    assert estimate.seconds is not None
    assert "MB/s" in estimate.how
    assert Path("old.sql").exists()
