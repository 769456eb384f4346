"""Rows are made for any schema, satisfy its constraints, and hold the edges of their types."""

from collections.abc import Callable
from typing import Any

import pytest

from generator.prove.prepare import prepare_rows
from generator.prove.seed import seed
from generator.server import Server
from tests.prove.conftest import Declare

Seed = Callable[[str], tuple[Callable[[str], list[tuple[Any, ...]]], tuple[str, ...]]]


@pytest.fixture
def seeded(server: Server, declared: Declare) -> Seed:
    """Make rows for some DDL: a way to query them, and the notes."""

    def run(ddl: str) -> tuple[Callable[[str], list[tuple[Any, ...]]], tuple[str, ...]]:
        template, schema = declared(ddl)
        database = server.create_database(template)
        with database.connect() as connection:
            makers = prepare_rows(connection, schema, schema, (), ())
            notes = seed(connection, makers.old, makers.plainer, ())

        def query(sql: str) -> list[tuple[Any, ...]]:
            with database.connect() as connection:
                return connection.execute(sql).fetchall()

        return query, notes

    return run


TYPES = (
    "smallint", "integer", "bigint", "numeric", "numeric(3)", "numeric(3,3)", "numeric(5,-2)", "numeric(12,2)", "real",
    "double precision", "money", "boolean", "text", "varchar", "varchar(1)", "varchar(5)", "varchar(500)", "char(1)",
    "char(7)", '"char"', "name", "bytea", "uuid", "json", "jsonb", "jsonpath", "date", "time", "timetz", "time(3)",
    "timestamp", "timestamptz", "timestamp(3)", "timestamptz(0)", "interval", "inet", "cidr", "macaddr", "macaddr8",
    "bit(3)", "varbit(9)", "int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange", "datemultirange",
    "tsvector", "tsquery", "point", "line", "lseg", "box", "path", "polygon", "circle", "oid", "pg_lsn", "text[]",
    "integer[]", "numeric(4,1)[]", "bytea[]", "jsonb[]", "int4range[]", "interval[]",
)  # fmt: skip


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_gets_values_and_nulls(seeded: Seed, kind: str) -> None:
    query, notes = seeded(f"CREATE TABLE things (id integer PRIMARY KEY, required {kind} NOT NULL, optional {kind})")
    assert notes == ()
    assert query("SELECT count(*), count(optional) FROM things") == [(8, 6)]


@pytest.mark.parametrize(
    "kind", ["integer", "text", "varchar(2)", "numeric(6,2)", "uuid", "date", "timestamptz", "inet"]
)
def test_a_unique_column_gets_another_value_in_each_row(seeded: Seed, kind: str) -> None:
    query, notes = seeded(f"CREATE TABLE things (thing {kind} UNIQUE NOT NULL)")
    assert notes == ()
    assert query("SELECT count(DISTINCT thing) FROM things") == [(8,)]


def test_text_holds_what_breaks_careless_quoting(seeded: Seed) -> None:
    query, _ = seeded("CREATE TABLE things (id integer PRIMARY KEY, thing text NOT NULL, short varchar(9) NOT NULL)")
    texts = [row[0] for row in query("SELECT thing FROM things")]
    assert any("'" in text and "\\" in text for text in texts)
    assert any("\n" in text for text in texts)
    assert "" in texts
    assert any(not text.isascii() for text in texts)
    assert max(len(row[0]) for row in query("SELECT short FROM things")) == 9


def test_a_table_has_no_more_rows_than_its_key_has_values(seeded: Seed) -> None:
    query, notes = seeded(
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');"
        "CREATE TABLE flags (flag boolean PRIMARY KEY);"
        "CREATE TABLE moods (mood mood PRIMARY KEY);"
        "CREATE TABLE links (flag boolean REFERENCES flags, mood mood REFERENCES moods, PRIMARY KEY (flag, mood))"
    )
    assert notes == ()
    counts = query("SELECT (SELECT count(*) FROM flags), (SELECT count(*) FROM moods), (SELECT count(*) FROM links)")
    assert counts == [(2, 3, 2)]


CHECKS = (
    ("n integer", "n > 100"),
    ("n integer", "n BETWEEN 1 AND 5"),
    ("n numeric(4,2)", "n < 0"),
    ("n real", "n >= 0 AND n <= 1"),
    ("n integer", "n % 2 = 0"),
    ("s text", "s IN ('new', 'done')"),
    ("s text", "s <> ''"),
    ("s text", "length(s) = 6"),
    ("s varchar(20)", "char_length(s) >= 3 AND s = lower(s)"),
    ("s text", "s ~ '^[^@]+@[^@]+[.][a-z]+$'"),
    ("s text", "s ~ '^INV-[0-9]{4,}$'"),
    ("s text", "s ~* '^(red|green)-x[a-f0-9]+$'"),
    ("s text", "s LIKE 'A%' AND s LIKE '%!'"),
    ("s char(2)", "s = upper(s)"),
    ("d date", "d >= '2030-01-01'"),
    ("d date", "d < '2000-01-01'"),
    ("j jsonb", "jsonb_typeof(j) = 'object'"),
    ("a text[]", "cardinality(a) = 1"),
    ("u inet", "family(u) = 4"),
    ("a integer, b integer", "a < b"),
    ("a date, b date", "b > a"),
    ("a integer, b text", "num_nonnulls(a, b) = 1"),
    ("a integer, b integer, c integer", "a + b = c"),
    ("kind text, size integer", "(kind = 'box' AND size > 10) OR (kind = 'dot' AND size IS NULL)"),
    ("n integer, s text", "n / length(s) > 3"),
)


@pytest.mark.parametrize(("columns", "check"), CHECKS, ids=[check for _, check in CHECKS])
def test_checks_are_satisfied(seeded: Seed, columns: str, check: str) -> None:
    query, notes = seeded(f"CREATE TABLE things (id integer PRIMARY KEY, {columns}, CHECK ({check}))")
    assert query("SELECT count(*) >= 3 FROM things") == [(True,)], notes
    assert notes == ()


def test_a_check_that_nobody_can_satisfy_is_said(seeded: Seed) -> None:
    query, notes = seeded("CREATE TABLE things (id integer PRIMARY KEY, s text NOT NULL CHECK (md5(s) = 'x'))")
    assert query("SELECT count(*) FROM things") == [(0,)]
    assert any("no rows could be made for things" in note for note in notes)
    assert any("md5(s)" in note for note in notes)


def test_what_users_make_of_types_gets_values(seeded: Seed) -> None:
    query, notes = seeded(
        "CREATE TYPE mood AS ENUM ('sad', 'it''s ok');"
        "CREATE DOMAIN amount AS numeric(10,2) CHECK (VALUE > 0);"
        "CREATE DOMAIN small AS amount CHECK (VALUE < 10);"
        "CREATE TYPE address AS (street text, number integer);"
        "CREATE TYPE span AS RANGE (subtype = double precision);"
        'CREATE TABLE things (id serial, "Mood" mood NOT NULL, amount amount NOT NULL, small small NOT NULL,'
        " address address NOT NULL, span span NOT NULL, moods mood[] NOT NULL, amounts amount[] NOT NULL)"
    )
    assert notes == ()
    assert query("SELECT count(*) FROM things") == [(8,)]


def test_rows_find_what_they_refer_to_however_it_goes_round(seeded: Seed) -> None:
    query, notes = seeded(
        "CREATE TABLE teams (id integer PRIMARY KEY, lead integer NOT NULL);"
        "CREATE TABLE people (id integer PRIMARY KEY, team integer REFERENCES teams, boss integer REFERENCES people);"
        "ALTER TABLE teams ADD FOREIGN KEY (lead) REFERENCES people;"
        "CREATE TABLE hens (id integer PRIMARY KEY, egg integer NOT NULL);"
        "CREATE TABLE eggs (id integer PRIMARY KEY, hen integer NOT NULL REFERENCES hens DEFERRABLE);"
        "ALTER TABLE hens ADD FOREIGN KEY (egg) REFERENCES eggs DEFERRABLE INITIALLY DEFERRED"
    )
    assert notes == ()
    assert query("SELECT count(*), count(team) FROM people") == [(8, 6)]
    assert query("SELECT count(*) FROM teams JOIN people ON people.id = lead") == [(8,)]
    assert query("SELECT count(*) FROM hens JOIN eggs ON eggs.id = egg") == [(8,)]


def test_composite_keys_agree_on_the_column_they_share(seeded: Seed) -> None:
    query, notes = seeded(
        "CREATE TABLE tenants (id uuid PRIMARY KEY);"
        "CREATE TABLE projects (tenant uuid REFERENCES tenants, id bigint, PRIMARY KEY (tenant, id));"
        "CREATE TABLE tasks (id serial PRIMARY KEY, tenant uuid NOT NULL REFERENCES tenants, project bigint,"
        " FOREIGN KEY (tenant, project) REFERENCES projects MATCH SIMPLE)"
    )
    assert notes == ()
    assert (
        query("SELECT count(*) FROM tasks JOIN projects ON (tasks.tenant, project) = (projects.tenant, projects.id)")[
            0
        ][0]
        >= 6
    )


def test_what_the_server_numbers_goes_on_behind_the_rows_made(seeded: Seed, server: Server) -> None:
    query, notes = seeded(
        "CREATE TABLE always (id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5) PRIMARY KEY,"
        " n integer, twice integer GENERATED ALWAYS AS (n * 2) STORED);"
        "CREATE TABLE serials (id serial PRIMARY KEY, owner bigint REFERENCES always)"
    )
    assert notes == ()
    assert query("INSERT INTO always (n) VALUES (1) RETURNING id, twice") == [(50, 2)]
    assert query("INSERT INTO serials (owner) VALUES (10) RETURNING id") == [(9,)]


def test_ranges_that_must_not_overlap_do_not(seeded: Seed) -> None:
    query, notes = seeded(
        "CREATE TABLE bookings (id integer PRIMARY KEY, during tsrange NOT NULL, EXCLUDE USING gist (during WITH &&))"
    )
    assert notes == ()
    assert query("SELECT count(*) FROM bookings") == [(8,)]


def test_names_that_need_quotes_are_quoted(seeded: Seed) -> None:
    query, notes = seeded(
        'CREATE SCHEMA "Weird ""One"; CREATE TYPE "Weird ""One"."My Type" AS ENUM (\'a\');'
        'CREATE TABLE "Weird ""One"."select" ("Order" serial PRIMARY KEY, "a b" text NOT NULL CHECK ("a b" <> \'\'),'
        ' "user" "Weird ""One"."My Type" NOT NULL)'
    )
    assert notes == ()
    assert query('SELECT count(*) FROM "Weird ""One"."select"') == [(8,)]


def test_a_column_of_few_values_gets_all_of_them(seeded: Seed) -> None:
    query, _ = seeded(
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');"
        "CREATE TABLE things (id integer PRIMARY KEY, flag boolean NOT NULL, mood mood NOT NULL)"
    )
    assert query("SELECT count(DISTINCT flag), count(DISTINCT mood) FROM things") == [(2, 3)]
