"""The tables of migration runners are on one side only, and mean nothing there."""

import pytest

from generator.diff import compare
from generator.diff.bookkeeping import with_bookkeeping
from generator.model.answers import Answers
from generator.model.schema import Column, Namespace, Other, QName, Schema, Sequence, SequenceOptions, Table

OPTIONS = SequenceOptions(type="bigint", start=1, increment=1, minimum=1, maximum=9, cache=1, cycle=False)


def _table(name: QName) -> Table:
    return Table(name=name, columns=(Column(name="id", type="integer"),))


USERS = _table(QName("public", "users"))
STATE = _table(QName("drizzle", "__drizzle_migrations"))
PUBLIC, DRIZZLE = Namespace(name="public"), Namespace(name="drizzle")
PLAIN = Schema(namespaces=(PUBLIC,), tables=(USERS,))
LIVE = Schema(
    namespaces=(DRIZZLE, PUBLIC),
    tables=(STATE, USERS),
    sequences=(Sequence(name=QName("drizzle", "s"), options=OPTIONS, owned_by=(STATE.name, "id")),),
    others=(Other(kind="comment", name="table drizzle.__drizzle_migrations", definition="x", table=STATE.name),),
)


@pytest.mark.parametrize(("old", "new"), [(LIVE, PLAIN), (PLAIN, LIVE)])
def test_what_one_side_has_is_no_difference_and_is_told(old: Schema, new: Schema) -> None:
    as_meant, notes = with_bookkeeping(old, new)
    assert as_meant == old
    assert compare(old, as_meant, Answers()).changes == ()
    assert notes == ("Not compared, since a migration runner keeps its state there: drizzle.__drizzle_migrations.",)


def test_what_both_sides_have_is_compared_as_ever() -> None:
    assert with_bookkeeping(LIVE, LIVE) == (LIVE, ())


def test_a_namespace_that_holds_something_else_stays() -> None:
    other = _table(QName("drizzle", "users"))
    new = Schema(namespaces=LIVE.namespaces, tables=(STATE, other, USERS))
    as_meant, _ = with_bookkeeping(PLAIN, new)
    assert (as_meant.namespaces, as_meant.tables) == (LIVE.namespaces, (other, USERS))
