"""What is read but not yet changed: nothing of it is overlooked, and what it reads as is SQL that makes it again."""

from dataclasses import replace

import pytest

from generator.dialects.postgres.create import create_schema
from generator.model.schema import QName, Schema
from generator.server import Server
from tests.dialects.postgres.conftest import Read

BEFORE = """
CREATE TABLE t (id int PRIMARY KEY, a int, b text, r int4range);
CREATE INDEX i ON t (lower(b));
CREATE TABLE other (id int PRIMARY KEY, t int REFERENCES t);
CREATE SEQUENCE s;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION ef() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION eq(int, text) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT true';
CREATE TYPE pair AS (a int, b text);
CREATE EXTENSION file_fdw;
"""

# Each is one thing more: (kind, SQL, table). The kind is what a person is told.
MORE = [
    ("view", "CREATE VIEW v WITH (security_barrier) AS SELECT a, b FROM t", None),
    ("materialized view", "CREATE MATERIALIZED VIEW mv AS SELECT a FROM t WHERE b = 'it''s'", None),
    ("function", "CREATE FUNCTION f(x int DEFAULT 1) RETURNS int STABLE LANGUAGE sql AS $$ SELECT $1 $$", None),
    ("procedure", "CREATE PROCEDURE p(x int) LANGUAGE sql BEGIN ATOMIC SELECT 1; END", None),
    ("aggregate", "CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', PARALLEL = SAFE)", None),
    (
        "trigger",
        "CREATE TRIGGER tr BEFORE UPDATE OF a ON t FOR EACH ROW WHEN (NEW.a > 1) EXECUTE FUNCTION tf();"
        "ALTER TABLE t DISABLE TRIGGER tr",
        "t",
    ),
    ("event trigger", "CREATE EVENT TRIGGER et ON ddl_command_end WHEN TAG IN ('COMMENT') EXECUTE FUNCTION ef()", None),
    ("rule", "CREATE RULE r AS ON DELETE TO t WHERE OLD.a > 1 DO INSTEAD NOTHING", "t"),
    ("policy", "CREATE POLICY p ON t AS RESTRICTIVE FOR UPDATE USING (a > 1) WITH CHECK (b = 'x')", "t"),
    ("row-level security", "ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY", "t"),
    ("domain", "CREATE DOMAIN d AS text COLLATE \"C\" DEFAULT 'q' NOT NULL CONSTRAINT dc CHECK (VALUE ~ 'x')", None),
    ("composite type", 'CREATE TYPE ct AS (a int, "B b" text COLLATE "C")', None),
    ("range type", "CREATE TYPE rt AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)", None),
    ("base type", "CREATE TYPE shell", None),
    ("collation", "CREATE COLLATION co (PROVIDER = libc, LOCALE = 'C')", None),
    ("statistics", "CREATE STATISTICS st (ndistinct) ON a, b FROM t; ALTER STATISTICS st SET STATISTICS 50", "t"),
    ("cast", "CREATE CAST (pair AS text) WITH INOUT AS ASSIGNMENT", None),
    ("operator", "CREATE OPERATOR === (FUNCTION = eq, LEFTARG = int, RIGHTARG = text, RESTRICT = eqsel)", None),
    ("operator family", "CREATE OPERATOR FAMILY fam USING btree", None),
    ("text search configuration", "CREATE TEXT SEARCH CONFIGURATION tc (COPY = simple)", None),
    ("text search dictionary", "CREATE TEXT SEARCH DICTIONARY td (TEMPLATE = simple, STOPWORDS = english)", None),
    ("rights", "GRANT SELECT, INSERT ON t TO PUBLIC", "t"),
    ("rights", "GRANT UPDATE (a), SELECT (a) ON t TO PUBLIC", "t"),
    ("rights", "REVOKE EXECUTE ON FUNCTION tf() FROM PUBLIC", None),
    ("rights", "GRANT USAGE ON SEQUENCE s TO PUBLIC", None),
    ("rights", "REVOKE ALL ON SCHEMA public FROM PUBLIC", None),
    ("rights", "REVOKE USAGE ON TYPE pair FROM PUBLIC", None),
    ("rights", "REVOKE TRUNCATE ON t FROM CURRENT_USER", "t"),
    ("default privileges", "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC", None),
    ("default privileges", "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC", None),
    ("storage parameters", "ALTER TABLE t SET (fillfactor = 70, toast.autovacuum_enabled = false)", "t"),
    ("column storage", "ALTER TABLE t ALTER b SET STORAGE EXTERNAL", "t"),
    ("column compression", "ALTER TABLE t ALTER b SET COMPRESSION pglz", "t"),
    ("column statistics", "ALTER TABLE t ALTER b SET STATISTICS 7", "t"),
    ("column options", "ALTER TABLE t ALTER b SET (n_distinct = 5)", "t"),
    ("replica identity", "ALTER TABLE t REPLICA IDENTITY FULL", "t"),
    ("replica identity", "ALTER TABLE t REPLICA IDENTITY USING INDEX t_pkey", "t"),
    ("clustered index", "ALTER TABLE t CLUSTER ON t_pkey", "t"),
    ("index parameters", "ALTER INDEX t_pkey SET (fillfactor = 70)", "t"),
    ("index statistics", "ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 9", "t"),
    ("unlogged table", "ALTER TABLE other SET UNLOGGED", "other"),
    ("trigger state", "ALTER TABLE other DISABLE TRIGGER ALL", "other"),
    ("foreign-data wrapper", "CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true')", None),
    ("server", "CREATE SERVER srv TYPE 'x' FOREIGN DATA WRAPPER file_fdw", None),
    ("publication", "CREATE PUBLICATION pub WITH (publish = 'insert')", None),
    ("comment", "COMMENT ON FUNCTION tf() IS 'trigger'", None),
]


@pytest.mark.parametrize(("kind", "sql", "table"), MORE, ids=[f"{kind} {n}" for n, (kind, _, _) in enumerate(MORE)])
def test_every_kind_of_object_is_read(read: Read, kind: str, sql: str, table: str | None) -> None:
    before, after = read(BEFORE), read(BEFORE + sql)
    assert replace(after, others=()) == replace(before, others=())
    (other,) = set(after.others) - set(before.others)
    assert other.kind == kind
    assert other.table == (QName("public", table) if table else None)


@pytest.mark.parametrize(("kind", "sql", "table"), MORE, ids=[f"{kind} {n}" for n, (kind, _, _) in enumerate(MORE)])
def test_its_definition_makes_it_again(read: Read, kind: str, sql: str, table: str | None) -> None:
    if kind in ("comment", "trigger state"):
        pytest.skip("told in words")
    before, after = read(BEFORE), read(BEFORE + sql)
    (other,) = set(after.others) - set(before.others)
    assert read(f"{BEFORE}; {other.definition}") == after


SPECIAL = {
    "typed table": ("CREATE TYPE tt AS (a int, b text); CREATE TABLE p OF tt (PRIMARY KEY (a))", "p"),
    "foreign table": (
        "CREATE EXTENSION file_fdw; CREATE SERVER srv FOREIGN DATA WRAPPER file_fdw;"
        "CREATE FOREIGN TABLE f (a int OPTIONS (force_null 'true') NOT NULL, b text)"
        " SERVER srv OPTIONS (filename 'it''s')",
        "f",
    ),
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_a_table_that_is_more_than_plain_is_another_kind_of_object(read: Read, kind: str) -> None:
    sql, name = SPECIAL[kind]
    schema = read(sql)
    assert schema.tables == ()
    assert QName("public", name) in [other.table for other in schema.others if other.kind == kind]


@pytest.mark.parametrize("kind", SPECIAL)
def test_its_definition_makes_a_special_table_again(server: Server, read: Read, kind: str) -> None:
    schema = read(SPECIAL[kind][0])
    ordered = sorted(schema.others, key=lambda other: other.kind not in ("composite type", "server"))
    statements = (*create_schema(schema), *(other.definition for other in ordered))
    assert read(";\n".join(statements)) == schema


def test_a_partition_s_own_rows_of_a_foreign_key_are_left_out(read: Read) -> None:
    schema = read(
        """
        CREATE TABLE p (id int PRIMARY KEY) PARTITION BY HASH (id);
        CREATE TABLE p0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0);
        CREATE TABLE p1 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 1);
        CREATE TABLE t (id int REFERENCES p)
        """
    )
    table = schema.table(QName("public", "t"))
    assert [(key.name, key.references.name) for key in table.foreign_keys] == [("t_id_fkey", "p")]


def test_owners_are_not_compared(read: Read, server: Server) -> None:
    plain = read("CREATE TABLE t (id int); GRANT SELECT ON t TO PUBLIC")
    owned = read(
        "CREATE ROLE an_owner; CREATE TABLE t (id int); GRANT SELECT ON t TO PUBLIC; ALTER TABLE t OWNER TO an_owner;"
    )
    assert plain == owned


def test_a_schema_without_others_has_none(read: Read) -> None:
    assert read("CREATE TABLE t (id serial PRIMARY KEY, b text COLLATE \"C\" DEFAULT 'x')").others == Schema().others
