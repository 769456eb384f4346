"""Which statements on owners are looked at: those that the two sides do not say alike."""

import pytest

from generator.load.owners import owner_statements
from generator.model.declared import Declared, Unit


def _side(sql: str) -> Declared:
    return Declared(source="here", units=(Unit(name="here", sql=sql),))


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("ALTER TABLE t OWNER TO a", "alter table T owner to b", {"relation t"}),
        ("ALTER TABLE t OWNER TO a", "ALTER TABLE public.t OWNER TO a", {"relation t", "relation public.t"}),
        ('ALTER VIEW "T x" OWNER TO a', 'ALTER TABLE "T x" OWNER TO "A"', {'relation "T x"'}),
        ("alter function f(int) owner to a", "ALTER FUNCTION f(INT) OWNER TO b", {"function f(int)"}),
        ("create schema s authorization a", "create schema s; alter schema s owner to b", {"schema s"}),
        ("create schema authorization a", "create schema if not exists a authorization b", {"schema a"}),
        (
            "alter sequence s owner to a; alter table s owner to b",
            "alter materialized view m owner to a; alter table s owner to b",
            {"relation s", "relation m"},
        ),
    ],
)
def test_an_owner_that_the_sides_do_not_name_alike_is_looked_at(old: str, new: str, keys: set[str]) -> None:
    assert owner_statements(_side(old), _side(new)) == keys


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("alter table t owner to a", "create table t(id int)"),
        ("create table t(id int)", "alter table t owner to a"),
        ("alter table t owner to a", 'alter  table t\nowner to "a"'),
        ("alter table t owner to a", "alter table t owner to current_user"),
        ("alter database d owner to a", "alter database d owner to b"),
        ("select 'alter table t owner to a'", "alter table t owner to b"),
    ],
)
def test_an_owner_that_one_side_names_is_not(old: str, new: str) -> None:
    assert owner_statements(_side(old), _side(new)) == frozenset()
