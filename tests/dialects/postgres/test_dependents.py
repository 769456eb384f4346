"""What hangs on a column, as the server knows it."""

import psycopg

from generator.dialects.postgres.dependents import read_dependents
from generator.model.schema import QName

T = QName("public", "t")

DDL = """
CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a > 0), b int REFERENCES t (id));
CREATE INDEX ON t (a);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT sum(a) FROM t; END;
CREATE VIEW "V 1" AS SELECT a AS x FROM t;
CREATE VIEW w AS SELECT x + 1 AS y FROM "V 1";
CREATE FUNCTION of_row("V 1") RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE MATERIALIZED VIEW m AS SELECT y FROM w;
CREATE POLICY p ON t USING (a > 0);
CREATE STATISTICS s ON a, b FROM t;
"""


def told(
    workbench: psycopg.Connection[tuple[object, ...]], ddl: str, *columns: str
) -> dict[str, list[tuple[str, str]]]:
    with workbench.transaction(force_rollback=True):
        workbench.execute(ddl.encode())
        found = read_dependents(workbench, [(T, column) for column in columns])
    return {column: [(each.kind, each.name) for each in users] for (_, column), users in found.items()}


def test_each_comes_after_what_it_hangs_on_and_indexes_and_keys_are_left_out(
    workbench: psycopg.Connection[tuple[object, ...]],
) -> None:
    users = told(workbench, DDL, "a", "id")
    assert set(users) == {"a"}
    assert set(users["a"]) == {
        ("function", "public.f()"),
        ("view", 'public."V 1"'),
        ("view", "public.w"),
        ("function", 'public.of_row(public."V 1")'),
        ("materialized view", "public.m"),
        ("policy", "p on public.t"),
        ("statistics", "public.s"),
    }
    views = [name for kind, name in users["a"] if "view" in kind]
    assert views == ['public."V 1"', "public.w", "public.m"]


def test_what_hangs_on_the_column_itself_is_told_apart(workbench: psycopg.Connection[tuple[object, ...]]) -> None:
    with workbench.transaction(force_rollback=True):
        workbench.execute(DDL.encode())
        users = read_dependents(workbench, [(T, "a")])[T, "a"]
    assert {each.name for each in users if not each.direct} == {
        "public.w",
        "public.m",
        'public.of_row(public."V 1")',
    }


def test_a_generated_column_hangs_on_the_one_that_it_is_computed_from(
    workbench: psycopg.Connection[tuple[object, ...]],
) -> None:
    ddl = "CREATE TABLE t (a int DEFAULT 1, g int GENERATED ALWAYS AS (a * 2) STORED)"
    assert told(workbench, ddl, "a", "g") == {"a": [("generated column", "public.t.g")]}
