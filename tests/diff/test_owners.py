"""Owners count where both sides name them."""

from generator.diff import compare
from generator.diff.owners import owners_that_differ
from generator.model.answers import Answers
from generator.model.change import OtherChanged
from generator.model.schema import Other, QName, Schema, Table


def _owner(table: str, role: str) -> Other:
    name = f"table public.{table}"
    return Other(
        kind="owner",
        name=f"table {table}",
        definition=f"ALTER TABLE public.{table} OWNER TO {role}",
        table=QName("public", table),
        sql_name=name,
    )


def _schema(*tables: str) -> Schema:
    return Schema(tables=tuple(Table(name=QName("public", each), columns=()) for each in tables))


def test_an_owner_that_one_side_names_is_no_change() -> None:
    with_one = Schema(others=(_owner("t", "a"),))
    assert compare(with_one, Schema(), Answers()).changes == ()
    assert compare(Schema(), with_one, Answers()).changes == ()


def test_another_owner_is_a_change() -> None:
    old, new = _owner("t", "a"), _owner("t", "b")
    assert compare(Schema(others=(old,)), Schema(others=(new,)), Answers()).changes == (OtherChanged(old=old, new=new),)


def test_a_table_under_a_new_name_is_the_same_table() -> None:
    old, new = (_owner("t", "a"), _owner("k", "a")), (_owner("u", "b"), _owner("k", "a"))
    answers = Answers(renames={"t": "u"})
    found = owners_that_differ(_schema("k", "t"), old, _schema("k", "u"), new, answers)
    assert found == ((old[0],), (new[0],))
