"""What is read from a database, field by field."""

import psycopg
import pytest

from generator.dialects.postgres.catalog import read_schema
from generator.model.schema import (
    Check,
    Column,
    EnumType,
    Exclusion,
    Extension,
    ForeignKey,
    Generated,
    Identity,
    Index,
    Namespace,
    Other,
    PrimaryKey,
    QName,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    Unique,
)
from generator.server import Database, Server
from tests.dialects.postgres.conftest import Read

PUBLIC = Namespace(name="public")
WHOLE = SequenceOptions(
    type="bigint", start=1, increment=1, minimum=1, maximum=9223372036854775807, cache=1, cycle=False
)


def only_table(schema: Schema) -> Table:
    (table,) = schema.tables
    return table


def test_an_empty_database_holds_public(read: Read) -> None:
    assert read("") == Schema(namespaces=(PUBLIC,))


def test_namespaces_extensions_and_enums(read: Read) -> None:
    schema = read(
        """
        CREATE SCHEMA "Odd One"; COMMENT ON SCHEMA "Odd One" IS 'odd'; COMMENT ON SCHEMA public IS 'ours';
        CREATE EXTENSION citext SCHEMA "Odd One";
        CREATE TYPE mood AS ENUM ('b', 'a'); ALTER TYPE mood ADD VALUE 'between' BEFORE 'a'; COMMENT ON TYPE mood IS 'm'
        """
    )
    assert schema.namespaces == (Namespace(name="Odd One", comment="odd"), Namespace(name="public", comment="ours"))
    assert schema.extensions == (
        Extension(name="citext", schema="Odd One", version=schema.extensions[0].version, comment=None),
    )
    assert schema.enums == (EnumType(name=QName("public", "mood"), values=("b", "between", "a"), comment="m"),)
    assert schema.others == ()


def test_columns(read: Read) -> None:
    table = only_table(
        read(
            """
            CREATE TYPE mood AS ENUM ('a');
            CREATE TABLE t (
                id bigint GENERATED ALWAYS AS IDENTITY, "Odd" varchar(50) COLLATE "C" NOT NULL DEFAULT 'x',
                m mood[] DEFAULT '{a}', at timestamptz DEFAULT now(), twice bigint GENERATED ALWAYS AS (id * 2) STORED);
            COMMENT ON COLUMN t.at IS 'when'; ALTER TABLE t ADD gone int; ALTER TABLE t DROP gone
            """
        )
    )
    assert table.columns == (
        Column(
            name="id",
            type="bigint",
            nullable=False,
            identity=Identity(always=True, options=WHOLE, sequence=QName("public", "t_id_seq")),
        ),
        Column(
            name="Odd",
            type="character varying(50)",
            nullable=False,
            default="'x'::character varying",
            collation='"C"',
        ),
        Column(name="m", type="public.mood[]", default="'{a}'::public.mood[]"),
        Column(name="at", type="timestamp with time zone", default="now()", comment="when"),
        Column(name="twice", type="bigint", generated=Generated(expression="(id * 2)", stored=True)),
    )


def test_keys_and_unique_constraints(read: Read) -> None:
    table = only_table(
        read(
            """
            CREATE TABLE t (b int, a int, c int, CONSTRAINT "The Key" PRIMARY KEY (b, a) INCLUDE (c),
                            CONSTRAINT u UNIQUE (c) DEFERRABLE INITIALLY DEFERRED);
            COMMENT ON CONSTRAINT u ON t IS 'unique'
            """
        )
    )
    assert table.primary_key == PrimaryKey(
        name="The Key", definition="PRIMARY KEY (b, a) INCLUDE (c)", columns=("b", "a")
    )
    assert table.uniques == (
        Unique(name="u", definition="UNIQUE (c) DEFERRABLE INITIALLY DEFERRED", columns=("c",), comment="unique"),
    )
    assert table.indexes == ()


def test_nulls_not_distinct(server: Server, read: Read) -> None:
    if server.major < 15:
        pytest.skip("since PostgreSQL 15")
    (unique,) = only_table(read("CREATE TABLE t (a int, UNIQUE NULLS NOT DISTINCT (a))")).uniques
    assert unique.nulls_not_distinct


def test_foreign_keys(read: Read) -> None:
    schema = read(
        """
        CREATE SCHEMA s; CREATE TABLE s."P" (a int, b int, PRIMARY KEY (b, a));
        CREATE TABLE t (x int, y int, z int,
            CONSTRAINT f FOREIGN KEY (x, y) REFERENCES s."P" (a, b) MATCH FULL ON UPDATE CASCADE DEFERRABLE);
        ALTER TABLE s."P" ADD UNIQUE (a, b);
        ALTER TABLE t ADD CONSTRAINT g FOREIGN KEY (x, z) REFERENCES s."P" ON DELETE RESTRICT NOT VALID
        """.replace('REFERENCES s."P" (a, b)', 'REFERENCES s."P" (b, a)')
    )
    assert schema.table(QName("public", "t")).foreign_keys == (
        ForeignKey(
            name="f",
            definition='FOREIGN KEY (x, y) REFERENCES s."P"(b, a) MATCH FULL ON UPDATE CASCADE DEFERRABLE',
            columns=("x", "y"),
            references=QName("s", "P"),
            referenced_columns=("b", "a"),
            on_update="CASCADE",
        ),
        ForeignKey(
            name="g",
            definition='FOREIGN KEY (x, z) REFERENCES s."P"(b, a) ON DELETE RESTRICT',
            columns=("x", "z"),
            references=QName("s", "P"),
            referenced_columns=("b", "a"),
            on_delete="RESTRICT",
            validated=False,
        ),
    )


def test_checks_and_exclusions(read: Read) -> None:
    table = only_table(
        read(
            """
            CREATE EXTENSION btree_gist;
            CREATE TABLE t (b int, a int, r int4range, CONSTRAINT c CHECK (b > 0 AND a > b),
                            CONSTRAINT x EXCLUDE USING gist (a WITH =, r WITH &&) WHERE (b > 0));
            ALTER TABLE t ADD CONSTRAINT d CHECK (a < 9) NOT VALID
            """
        )
    )
    assert table.checks == (
        Check(name="c", definition="CHECK (((b > 0) AND (a > b)))", columns=("a", "b")),
        Check(name="d", definition="CHECK ((a < 9))", columns=("a",), validated=False),
    )
    assert table.exclusions == (
        Exclusion(
            name="x",
            definition="EXCLUDE USING gist (a WITH =, r WITH &&) WHERE ((b > 0))",
            columns=("a", "r", "b"),
        ),
    )


def test_indexes(read: Read) -> None:
    table = only_table(
        read(
            """
            CREATE TABLE t (a text, b text, c int, d int);
            CREATE UNIQUE INDEX "An USING it" ON t (d DESC NULLS LAST, lower(b || a), d) INCLUDE (c) WHERE c > 0;
            COMMENT ON INDEX "An USING it" IS 'i'
            """
        )
    )
    assert table.indexes == (
        Index(
            name="An USING it",
            unique=True,
            body="USING btree (d DESC NULLS LAST, lower((b || a)), d) INCLUDE (c) WHERE (c > 0)",
            columns=("d", "c", "a", "b"),
            comment="i",
        ),
    )


def test_an_interrupted_index_is_not_valid(database: Database) -> None:
    with database.connect() as connection:
        connection.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (1)")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)")
        assert [index.valid for index in only_table(read_schema(connection)).indexes] == [False]


def test_sequences(read: Read) -> None:
    schema = read(
        """
        CREATE SEQUENCE s AS smallint INCREMENT -1 CYCLE; COMMENT ON SEQUENCE s IS 'down'; CREATE TABLE t (id serial)
        """
    )
    down = SequenceOptions(type="smallint", start=-1, increment=-1, minimum=-32768, maximum=-1, cache=1, cycle=True)
    up = SequenceOptions(type="integer", start=1, increment=1, minimum=1, maximum=2147483647, cache=1, cycle=False)
    assert schema.sequences == (
        Sequence(name=QName("public", "s"), options=down, comment="down"),
        Sequence(name=QName("public", "t_id_seq"), options=up, owned_by=(QName("public", "t"), "id")),
    )
    assert only_table(schema).columns[0].default == "nextval('public.t_id_seq'::regclass)"


def test_what_belongs_to_an_extension_is_left_out(read: Read) -> None:
    schema = read(
        """
        CREATE TABLE t (id int); CREATE TYPE mood AS ENUM ('a'); CREATE SEQUENCE s; CREATE SCHEMA n;
        CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT 1 AS one;
        CREATE EXTENSION citext; COMMENT ON FUNCTION f() IS 'theirs'; CREATE DOMAIN d AS int;
        ALTER EXTENSION citext ADD TABLE t; ALTER EXTENSION citext ADD TYPE mood; ALTER EXTENSION citext ADD SEQUENCE s;
        ALTER EXTENSION citext ADD SCHEMA n; ALTER EXTENSION citext ADD FUNCTION f(); ALTER EXTENSION citext ADD VIEW v;
        ALTER EXTENSION citext ADD DOMAIN d
        """
    )
    assert schema == Schema(namespaces=(PUBLIC,), extensions=schema.extensions)


def test_helpers_of_a_migration_are_read(read: Read) -> None:
    schema = read("CREATE TABLE _gm_rest (id int); CREATE FUNCTION _gm_f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    assert [str(table.name) for table in schema.tables] == ["_gm_rest"]
    assert [other.name for other in schema.others] == ["_gm_f()"]


def test_what_only_postgresql_18_knows(server: Server, read: Read) -> None:
    if server.major < 18:
        pytest.skip("since PostgreSQL 18")
    table = only_table(
        schema := read(
            """
            CREATE TABLE t (a int, b int, v int GENERATED ALWAYS AS (a + 1) VIRTUAL,
                            CONSTRAINT lax CHECK (a > 0) NOT ENFORCED, CONSTRAINT named_by_hand NOT NULL b);
            ALTER TABLE t ADD CONSTRAINT later NOT NULL a NOT VALID
            """
        )
    )
    assert table.column("v").generated == Generated(expression="(a + 1)", stored=False)
    assert table.checks == (Check(name="lax", definition="CHECK ((a > 0)) NOT ENFORCED", columns=("a",)),)
    assert not table.column("b").nullable
    assert schema.others == (
        Other(
            kind="not-null constraint",
            name="t.a",
            definition="ALTER TABLE public.t ADD NOT NULL a NOT VALID",
            table=table.name,
        ),
    )


def test_the_session_s_settings_change_nothing_and_stay(database: Database) -> None:
    ddl = "CREATE TABLE t (a timestamptz DEFAULT '2020-01-01 0:00+0', d date DEFAULT '2020-02-01', e text DEFAULT '\\')"
    odd = {
        "timezone": "Asia/Kathmandu",
        "datestyle": "SQL, DMY",
        "search_path": "public",
        "quote_all_identifiers": "on",
        "standard_conforming_strings": "off",
    }
    with database.connect() as connection:
        connection.execute(ddl.encode())
        plain = read_schema(connection)
        for name, value in odd.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, value))
        assert read_schema(connection) == plain
        for name, value in odd.items():
            assert connection.execute("SELECT current_setting(%s)", (name,)).fetchone() == (value,)


def test_a_transaction_sees_its_own_changes_and_goes_on(database: Database) -> None:
    with database.connect(autocommit=False) as connection:
        connection.execute("CREATE TABLE t (id int)")
        assert len(read_schema(connection).tables) == 1
        connection.execute("CREATE TABLE u (id int)")
        connection.commit()
        assert len(read_schema(connection).tables) == 2


def test_a_role_without_any_right_reads_the_same(database: Database) -> None:
    with database.connect(superuser=True) as connection:
        connection.execute("CREATE TABLE t (id serial PRIMARY KEY, m text); CREATE VIEW v AS SELECT * FROM t")
        connection.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC; CREATE ROLE nobody_at_all")
        whole = read_schema(connection)
        connection.execute("SET ROLE nobody_at_all")
        assert read_schema(connection) == whole
        connection.execute("RESET ROLE; DROP ROLE nobody_at_all")
