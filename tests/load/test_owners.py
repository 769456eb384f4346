"""Owners that differ are told, never passed over."""

import pytest

from generator.load.owners import owner_notes
from generator.model.declared import Declared, Unit


def _side(sql: str) -> Declared:
    return Declared(source="here", units=(Unit(name="here", sql=sql),))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("ALTER TABLE t OWNER TO a", "ALTER TABLE public.t OWNER TO b", "ALTER TABLE public.t OWNER TO b;"),
        ("ALTER TABLE v OWNER TO a", "alter view v owner to B", "ALTER VIEW v OWNER TO b;"),
        ('ALTER TABLE "T x" OWNER TO a', 'ALTER TABLE "T x" OWNER TO "B c"', 'ALTER TABLE "T x" OWNER TO "B c";'),
        (
            "alter function f(int) owner to a",
            "ALTER FUNCTION public.f(integer) OWNER TO b",
            "ALTER FUNCTION public.f(integer) OWNER TO b;",
        ),
        ("create schema s authorization a", "create schema s; alter schema s owner to b", "ALTER SCHEMA s OWNER TO b;"),
        (
            "alter sequence s owner to a; alter table s owner to b",
            "alter table s owner to a",
            "ALTER TABLE s OWNER TO a;",
        ),
        (
            "alter materialized view m owner to a",
            "alter materialized view m owner to b",
            "ALTER MATERIALIZED VIEW m OWNER TO b;",
        ),
    ],
)
def test_an_owner_that_both_sides_name_and_that_differs_is_told_with_its_statement(
    old: str, new: str, told: str
) -> None:
    (note,) = owner_notes(_side(old), _side(new))
    assert note.endswith(f"run: {told}")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("alter table t owner to a", "create table t(id int)"),
        ("create table t(id int)", "alter table t owner to a"),
        ("alter table t owner to a", 'alter table public."t" owner to "a"'),
        ("alter table t owner to a", "alter table s.t owner to b"),
        ("alter table t owner to a", "alter table t owner to current_user"),
        ("alter function f(int) owner to a", "alter function f(int) owner to a; alter function f(text) owner to b"),
    ],
)
def test_an_owner_that_one_side_names_is_not_compared(old: str, new: str) -> None:
    assert owner_notes(_side(old), _side(new)) == ()
