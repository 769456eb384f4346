"""What a source declares, run on a scratch server, and what goes wrong there in words for a person."""

from collections.abc import Iterator

import psycopg
import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.declare import declare
from generator.errors import BadInput
from generator.model.declared import Declared, Unit
from generator.model.schema import QName
from generator.server import Database

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.connect() as opened:
        yield opened


def files(*texts: str) -> Declared:
    units = tuple(
        Unit(name=f"file {number}.sql", sql=text, origin=f"db/{number}.sql:1") for number, text in enumerate(texts)
    )
    return Declared(source="db", units=units)


def models(**tables: str) -> Declared:
    units = tuple(Unit(name=f"table {name}", sql=sql, origin=f"models.py:{len(name)}") for name, sql in tables.items())
    return Declared(source="models.py", units=units)


def refused(declared: Declared, connection: Connection, database: Database | None = None) -> BadInput:
    superuser = (lambda: database.connect(superuser=True)) if database else None
    with pytest.raises(BadInput) as caught:
        declare(declared, connection, superuser)
    return caught.value


def test_units_run_in_order_and_their_late_parts_after_all(connection: Connection) -> None:
    fk = "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;"
    units = (
        Unit(name="table a", sql="CREATE TABLE a (id int PRIMARY KEY, b int) -- no end", late=fk),
        Unit(name="table b", sql="CREATE TABLE b (id int PRIMARY KEY);"),
    )
    assert declare(Declared(source="models", units=units), connection) == ()
    assert read_schema(connection).table(QName("public", "a")).foreign_keys[0].references == QName("public", "b")


@pytest.mark.parametrize(
    ("sql", "line", "message"),
    [
        ("create table a (id int);\n\ncreate table b (\n  id integ\n);", 4, 'type "integ" does not exist'),
        ("create table a (id int);\n\n\ncreate table a (id int);", 4, 'relation "a" already exists'),
        ("create table a (id int);\ncreat table b (id int);", 2, 'syntax error at or near "creat"'),
        ("create table a (x int);\ncreate view v as\n select y\n from a;", 3, 'column "y" does not exist'),
        ("select 'never closed", 1, "unterminated quoted string"),
        ("/* two\nlines */ select é, 1;\nselect nope;", 2, 'column "é" does not exist'),
    ],
)
def test_what_is_wrong_in_a_file_is_told_by_line(connection: Connection, sql: str, line: int, message: str) -> None:
    error = refused(files("create table other (id int)", sql), connection)
    assert error.message.startswith(f"db/1.sql:{line}: {message}")
    assert error.way_out


def test_what_is_wrong_in_models_is_told_by_the_table(connection: Connection) -> None:
    error = refused(models(fine="create table fine (id int)", wrong="create table wrong (id nope)"), connection)
    assert error.message.startswith('models.py:5: type "nope" does not exist\n  in: create table wrong (id nope)')


def test_what_cannot_run_together_runs_one_by_one(connection: Connection) -> None:
    sql = """
        create type mood as enum ('sad'); alter type mood add value 'ok'; create table a (m mood default 'ok');
        create index concurrently i on a (m); vacuum a;
        begin; create table b (id int); savepoint s; drop table b; rollback to s; commit;
    """
    assert declare(files(sql), connection) == ()
    assert [str(table.name) for table in read_schema(connection).tables] == ["a", "b"]


def test_a_transaction_that_never_ends_is_told(connection: Connection) -> None:
    assert "never committed" in refused(files("begin;\ncreate table a (id int);"), connection).message
    assert read_schema(connection).tables == ()


def test_settings_do_not_leak(connection: Connection) -> None:
    dump = "SELECT pg_catalog.set_config('search_path', '', false); SET check_function_bodies = off;"
    declare(files(f"{dump} CREATE TABLE public.a (id int);", "CREATE TABLE b (id int);"), connection)
    assert connection.execute("SHOW search_path").fetchone() == ('"$user", public',)
    assert {str(table.name) for table in read_schema(connection).tables} == {"a", "b"}


def test_roles_are_made_and_owners_left_alone(connection: Connection, database: Database) -> None:
    sql = """
        CREATE TABLE a (id int); ALTER TABLE public.a OWNER TO "the shop"; SET SESSION AUTHORIZATION nobody_else;
        COMMENT ON TABLE a IS 'owner to be'; BEGIN; GRANT SELECT ON a TO the_reader; COMMIT;
        ALTER DEFAULT PRIVILEGES FOR ROLE the_owner GRANT SELECT ON TABLES TO the_reader;
    """
    said = declare(files(sql), connection, lambda: database.connect(superuser=True))
    assert [sentence.split(" is ")[0] for sentence in said] == ["The role the_reader", "The role the_owner"]
    schema = read_schema(connection)
    assert schema.tables[0].comment == "owner to be"
    assert [(other.kind, other.definition) for other in schema.others] == [
        (
            "default privileges",
            "ALTER DEFAULT PRIVILEGES FOR ROLE the_owner GRANT SELECT ON TABLES TO the_reader",
        ),
        ("rights", "GRANT SELECT ON TABLE public.a TO the_reader"),
    ]


def test_on_a_given_server_no_role_is_made(connection: Connection) -> None:
    error = refused(files("create table a (id int);\ngrant select on a to a_role_of_theirs;"), connection)
    assert error.message.startswith('db/0.sql:2: role "a_role_of_theirs" does not exist')
    assert "--server" in error.way_out


def test_what_only_a_superuser_may_make_is_made(connection: Connection, database: Database) -> None:
    sql = "SET search_path = app; CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw;"
    declare(files(f"CREATE SCHEMA app; {sql}"), connection, lambda: database.connect(superuser=True))
    assert [(each.name, each.schema) for each in read_schema(connection).extensions] == [("file_fdw", "app")]


def test_an_extension_that_the_server_lacks_is_named(connection: Connection, database: Database) -> None:
    error = refused(files("create extension no_such_thing;"), connection, database)
    assert error.message.startswith('db/0.sql:1: extension "no_such_thing" is not available')
    assert "without the extension no_such_thing: give one that has it with --server URL" in error.way_out


def test_a_type_of_an_extension_is_named_with_it(connection: Connection, database: Database) -> None:
    error = refused(models(place="create table place (id int, at geometry(Point))"), connection, database)
    assert "place" in error.message
    assert "the extension postgis" in error.way_out


def test_extensions_that_models_do_not_mention_are_installed(connection: Connection, database: Database) -> None:
    declared = models(
        a="create table a (id int, mail citext)",
        b="create table b (t text); create index on b using gin (t gin_trgm_ops)",
        c="create table c (r int, s tsrange, exclude using gist (r with =, s with &&))",
    )
    said = declare(declared, connection, lambda: database.connect(superuser=True))
    assert [each.name for each in read_schema(connection).extensions] == ["btree_gist", "citext", "pg_trgm"]
    assert len(said) == 3


def has_extension(connection: Connection, name: str) -> bool:
    query = "SELECT comment LIKE 'Stand-in%%' FROM pg_available_extensions() WHERE name = %s"
    return connection.execute(query, (name,)).fetchone() == (False,)


def test_lacking_extensions_are_stood_in_for(connection: Connection, database: Database) -> None:
    if connection.info.server_version < 180000 or has_extension(connection, "pgcrypto"):
        pytest.skip("the server has them, or cannot be given them")
    sql = """
        CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public; CREATE EXTENSION pgcrypto;
        CREATE TABLE a (id uuid DEFAULT public.uuid_generate_v4(), token bytea DEFAULT gen_random_bytes(40));
        INSERT INTO a DEFAULT VALUES;
    """
    said = declare(files(sql), connection, lambda: database.connect(superuser=True))
    assert [sentence.split(":")[0] for sentence in said] == [
        "The scratch server lacks the extension pgcrypto",
        "The scratch server lacks the extension uuid-ossp",
    ]
    schema = read_schema(connection)
    assert [each.name for each in schema.extensions] == ["pgcrypto", "uuid-ossp"]
    assert schema.others == ()
    assert connection.execute("SELECT length(token) FROM a").fetchone() == (40,)
    # The example of RFC 9562, appendix A.
    named = connection.execute("SELECT uuid_generate_v3(uuid_ns_dns(), 'www.example.com')::text").fetchone()
    assert named == ("5df41881-3aed-3515-88a7-2f4a814cf09e",)
    digest = connection.execute("SELECT digest('abc', 'sha256') = sha256('abc')").fetchone()
    assert digest == (True,)
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="crypt needs the extension pgcrypto itself"):
        connection.execute("SELECT crypt('a', 'b')")


def test_many_tables_are_declared_in_order(connection: Connection) -> None:
    tables = {
        f"t{number}": f"create table t{number} (id int primary key references t{max(number - 1, 0)})"
        for number in range(250)
    }
    assert declare(models(**tables), connection) == ()
    assert len(read_schema(connection).tables) == 250
