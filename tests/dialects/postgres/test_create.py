"""DDL made from a Schema gives the Schema again."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.create import column_definition, create_schema, create_table
from generator.model.schema import Column, Generated, Namespace, QName, Schema, Table
from generator.server import Server
from tests.dialects.postgres.conftest import Read
from tests.strategies import schemas


def made_and_read(server: Server, schema: Schema) -> Schema:
    database = server.create_database()
    # Before PostgreSQL 15 the namespace public is a superuser's.
    with database.connect(superuser=True) as connection:
        statements = create_schema(schema)
        if statements:
            connection.execute(";\n".join(statements).encode())
        found = read_schema(connection)
    server.drop_database(database)
    return found


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(schema=schemas())
def test_what_is_made_reads_as_what_was_wanted(server: Server, schema: Schema) -> None:
    assert made_and_read(server, schema) == schema


def test_a_rich_schema_is_made_again(server: Server, read: Read) -> None:
    if server.major < 18:
        pytest.skip("it holds all that PostgreSQL 18 knows")
    schema = read(RICH)
    again = made_and_read(server, schema)
    for table, other in zip(schema.tables, again.tables, strict=True):
        assert other == table
    assert again == schema


def test_a_database_without_public_is_made_again(server: Server, read: Read) -> None:
    schema = read("DROP SCHEMA public; CREATE SCHEMA app; CREATE TABLE app.t (id int)")
    assert schema.namespaces == (Namespace(name="app"),)
    assert made_and_read(server, schema) == schema


def test_nothing_makes_nothing() -> None:
    assert create_schema(Schema()) == ()


def test_a_table_without_columns_is_a_table() -> None:
    assert create_table(Table(name=QName("public", "t"), columns=())) == ("CREATE TABLE public.t ()",)


def test_a_constraint_that_is_not_valid_comes_after_the_table(read: Read) -> None:
    table = read("CREATE TABLE t (id int); ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0) NOT VALID").tables[0]
    assert create_table(table) == (
        "CREATE TABLE public.t (\n    id integer\n)",
        "ALTER TABLE public.t ADD CONSTRAINT c CHECK ((id > 0)) NOT VALID",
    )


def test_a_generated_column_has_no_default() -> None:
    column = Column(name="Full Name", type="text", generated=Generated(expression="lower(a)", stored=True))
    assert column_definition(column) == '"Full Name" text GENERATED ALWAYS AS (lower(a)) STORED'
    virtual = replace(column, generated=Generated(expression="lower(a)", stored=False), nullable=False)
    assert column_definition(virtual) == '"Full Name" text GENERATED ALWAYS AS (lower(a)) VIRTUAL NOT NULL'


RICH = """
CREATE SCHEMA "Odd Schema"; COMMENT ON SCHEMA "Odd Schema" IS 'odd';
CREATE EXTENSION citext; CREATE EXTENSION btree_gist WITH SCHEMA "Odd Schema";
COMMENT ON EXTENSION citext IS 'mine';
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s \\ good'); COMMENT ON TYPE mood IS 'mood!';
CREATE SEQUENCE seq1 AS int INCREMENT -2 MINVALUE -1000 MAXVALUE 1000 START 5 CACHE 3 CYCLE;
CREATE TABLE parent (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email citext UNIQUE, code text COLLATE "C", m mood DEFAULT 'ok',
    a int, b int, UNIQUE (a, b) INCLUDE (code), g text GENERATED ALWAYS AS (lower(code)) STORED,
    v int GENERATED ALWAYS AS (a + b) VIRTUAL, UNIQUE NULLS NOT DISTINCT (code, a) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE child (
    id serial PRIMARY KEY, parent_id bigint NOT NULL REFERENCES parent ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    self int REFERENCES child ON UPDATE SET NULL, x numeric(10,2) DEFAULT 1.5, t timestamptz DEFAULT now(),
    ts timestamptz DEFAULT '2020-01-01 00:00:00+02', i interval DEFAULT '1 day 02:00', arr text[] DEFAULT '{a,b}',
    during tsrange, room int, bits bit varying(7), raw bytea DEFAULT '\\xdead', f float8 DEFAULT 0.1,
    CONSTRAINT chk CHECK (x > 0 AND room < 5) NO INHERIT,
    EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (x > 1),
    FOREIGN KEY (room, self) REFERENCES parent (a, b) MATCH FULL ON DELETE SET NULL);
ALTER TABLE child ADD CONSTRAINT nv CHECK (room > 1) NOT VALID;
ALTER TABLE child ADD CONSTRAINT fknv FOREIGN KEY (self) REFERENCES child NOT VALID;
ALTER TABLE child ADD CONSTRAINT lax CHECK (room > 2) NOT ENFORCED;
COMMENT ON TABLE child IS 'ch''ild'; COMMENT ON COLUMN child.x IS 'E\\x'; COMMENT ON CONSTRAINT chk ON child IS 'cc';
COMMENT ON CONSTRAINT fknv ON child IS 'fkc';
CREATE INDEX i1 ON child USING btree (lower(arr[1]) DESC NULLS LAST, room) INCLUDE (t) WHERE x > 3 AND self IS NOT NULL;
COMMENT ON INDEX i1 IS 'idx';
CREATE UNIQUE INDEX "Odd Idx USING x" ON child (t) NULLS NOT DISTINCT WITH (fillfactor = 70);
CREATE INDEX ON child USING gin (arr); CREATE INDEX ON parent (code text_pattern_ops, email COLLATE "C");
CREATE SEQUENCE "Odd Schema"."Seq 2";
CREATE TABLE "Odd Schema"."Odd Table" ("Col A" int NOT NULL DEFAULT nextval('"Odd Schema"."Seq 2"'), "select" text);
ALTER SEQUENCE "Odd Schema"."Seq 2" OWNED BY "Odd Schema"."Odd Table"."Col A";
CREATE TABLE empty (); CREATE TABLE "user" ("order" int PRIMARY KEY, "a.b" int REFERENCES "user");
CREATE TABLE cycle_a (id int PRIMARY KEY, b int); CREATE TABLE cycle_b (id int PRIMARY KEY, a int REFERENCES cycle_a);
ALTER TABLE cycle_a ADD FOREIGN KEY (b) REFERENCES cycle_b;
"""
