"""What an application does with a schema is made up by the shape of its tables, and works on the schema itself."""

from collections.abc import Callable

import pytest

from generator.model.answers import Unmatched
from generator.model.schema import QName
from generator.prove.application import Application, first_keys
from generator.prove.attempts import Attempt, outcomes
from generator.prove.prepare import prepare_rows
from generator.prove.seed import seed
from generator.prove.sync import without_rows_of
from generator.server import Database, Server
from tests.prove.conftest import Declare
from tests.prove.link_customers import FILLING, NEW, OLD, USERS

SHOP = """
CREATE TYPE state AS ENUM ('open', 'closed');
CREATE TABLE shops (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL UNIQUE, head uuid REFERENCES shops
);
CREATE TABLE orders (
    shop uuid NOT NULL REFERENCES shops, number integer NOT NULL, state state NOT NULL DEFAULT 'open', note varchar(9),
    total numeric(8,2) NOT NULL CHECK (total >= 0), tax numeric GENERATED ALWAYS AS (total * 0.2) STORED,
    PRIMARY KEY (shop, number)
);
CREATE TABLE lines (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, shop uuid NOT NULL, number integer NOT NULL, sku text,
    FOREIGN KEY (shop, number) REFERENCES orders ON DELETE CASCADE, UNIQUE (shop, number, sku)
);
CREATE TABLE log (at timestamptz NOT NULL, what text);
"""

Launch = Callable[[str], tuple[Application, Database]]


@pytest.fixture
def launched(server: Server, declared: Declare) -> Launch:
    def run(ddl: str) -> tuple[Application, Database]:
        template, schema = declared(ddl)
        database = server.create_database(template)
        with database.connect() as connection:
            makers = prepare_rows(connection, schema, schema, (FILLING,) if ddl is OLD else (), ())
            assert seed(connection, makers.old, makers.plainer, ()) == ()
            keys = first_keys(connection, schema.tables)
        return Application(maker=makers.old, keys=keys), database

    return run


def failing(application: Application, database: Database) -> dict[str, str]:
    attempts = list(application.attempts())
    with database.connect() as connection:
        seen = outcomes(connection, attempts)
    return {attempt.what: each.error for attempt, each in zip(attempts, seen, strict=True) if each.error}


def test_everything_it_does_works_but_what_the_schema_itself_refuses(launched: Launch) -> None:
    application, database = launched(SHOP)
    errors = failing(application, database)
    assert "deletes from shops" in errors
    assert "updates id of lines" in errors, "an identity that is always generated"
    assert all(
        "violates foreign key" in error or "can only be updated to DEFAULT" in error or "23502" in error
        for error in errors.values()
    ), errors


@pytest.mark.parametrize("ddl", [OLD, NEW, SHOP], ids=["old", "new", "shop"])
def test_it_inserts_into_every_table_in_every_way(launched: Launch, ddl: str) -> None:
    application, database = launched(ddl)
    assert not [what for what in failing(application, database) if what.startswith("inserts")]


def test_it_leaves_nothing_behind(launched: Launch) -> None:
    application, database = launched(SHOP)
    count = "SELECT (SELECT count(*) FROM shops), (SELECT count(*) FROM orders), (SELECT max(id) FROM lines)"
    with database.connect() as connection:
        before = connection.execute(count).fetchone()
        failing(application, database)
        assert connection.execute(count).fetchone() == before


def test_a_row_that_wants_another_for_itself_brings_it_along(launched: Launch) -> None:
    application, _ = launched(NEW)
    customers = application.maker.schema.table(QName("public", "customers"))
    inserts = application.insertion(customers, 1000)
    assert [each.split()[2] for each in inserts] == ["public.users", "public.customers"]
    assert len(without_rows_of(USERS, inserts)) == 1
    subscriptions = application.maker.schema.table(QName("public", "subscriptions"))
    assert len(application.insertion(subscriptions, 1000)) == 1, "a subscription belongs to a customer that is there"


def test_an_update_that_touches_no_row_is_no_success(launched: Launch) -> None:
    _, database = launched(SHOP)
    attempts = (
        Attempt(what="nothing", statements=("UPDATE shops SET name = 'x' WHERE false",)),
        Attempt(what="wrong", statements=("SELECT 1",), expect="SELECT false"),
        Attempt(what="right", statements=("SELECT 1",), expect="SELECT true"),
    )
    with database.connect() as connection:
        nothing, wrong, right = outcomes(connection, attempts)
    assert "touched no row" in nothing.error
    assert "it does not" in wrong.error
    assert right.error == ""


def test_what_waits_for_the_commit_is_checked(launched: Launch, server: Server) -> None:
    database = server.create_database()
    with database.connect() as connection:
        connection.execute("CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES a DEFERRABLE INITIALLY DEFERRED)")
        (seen,) = outcomes(connection, [Attempt(what="inserts", statements=("INSERT INTO a VALUES (1, 2)",))])
    assert seen.constraint == "a_b_fkey"


def test_the_rows_of_a_back_fill_match_and_some_do_not_where_that_is_allowed(server: Server, declared: Declare) -> None:
    from dataclasses import replace

    template, schema = declared(OLD)
    for policy, unmatched in ((Unmatched.STOP, 0), (Unmatched.LEAVE, 2), (Unmatched.DELETE, 2)):
        filling = replace(FILLING, backfill=replace(FILLING.backfill, unmatched=policy))
        database = server.create_database(template)
        with database.connect() as connection:
            makers = prepare_rows(connection, schema, schema, (filling,), ())
            assert seed(connection, makers.old, makers.plainer, (filling,)) == ()
            connection.execute("RESET search_path")
            row = connection.execute(
                f"SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM users WHERE {FILLING.match})),"
                " count(*) FILTER (WHERE NOT EXISTS (SELECT FROM users WHERE users.email = customers.email))"
                " FROM customers"
            ).fetchone()
        assert row is not None
        assert row[1] == unmatched, policy
        assert row[0] == 6
        assert row[2] > unmatched, "some are spelled otherwise"


def test_the_new_version_knows_types_and_checks_that_the_old_schema_has_not(server: Server, declared: Declare) -> None:
    template, old = declared("CREATE TABLE things (id integer PRIMARY KEY)")
    database, new = declared(
        "CREATE TYPE colour AS ENUM ('red', 'green'); CREATE FUNCTION fine(text) RETURNS boolean IMMUTABLE LANGUAGE sql"
        " AS $$SELECT $1 LIKE 'ok-%'$$; CREATE TABLE things (id integer PRIMARY KEY, colour colour NOT NULL"
        " CHECK (colour <> 'red'), note text NOT NULL CHECK (fine(note) AND note ~ '^ok-[0-9]+$'))"
    )
    with server.create_database(template).connect() as connection:
        makers = prepare_rows(connection, old, new, (), (), database.connect)
    application = Application(maker=makers.new, keys={}, own_rows=False)
    assert not [what for what in failing(application, server.create_database(database)) if what.startswith("inserts")]
