"""Names as SQL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.dialects.postgres.names import NAME_BYTES, ROOM, aside, helper, ident, literal, qname
from generator.model.schema import QName


@pytest.mark.parametrize("name", ["customers", "_x", "a1"])
def test_a_plain_name_stays_bare(name: str) -> None:
    assert ident(name) == name


@pytest.mark.parametrize("name", ["Customers", "order", "user", "a b", 'say "x"', "1a", "é", ""])
def test_any_other_name_is_quoted(name: str) -> None:
    assert ident(name) == '"' + name.replace('"', '""') + '"'


def test_a_backslash_makes_an_escape_string() -> None:
    assert literal(r"it's a \ b") == r"E'it''s a \\ b'"


def test_a_qualified_name_quotes_each_part() -> None:
    assert qname(QName("public", "Order")) == 'public."Order"'


@given(st.text(min_size=1), st.text(min_size=1), st.sampled_from(["fill", "late", "not_null"]))
def test_a_helper_name_fits(table: str, column: str, what: str) -> None:
    assert len(helper(table, column, what=what).encode()) <= NAME_BYTES


def test_long_names_that_begin_alike_get_different_helpers() -> None:
    long = "x" * 60
    assert helper(long + "1", "c", what="fill") != helper(long + "2", "c", what="fill")
    assert aside(long + "1a", "old") != aside(long + "1b", "old")


@pytest.mark.parametrize(("table", "column"), [("a_b", "c"), ("x" * 63, "y" * 63), ("é" * 31, "new")])
def test_there_is_room_behind_a_helper_name(table: str, column: str) -> None:
    assert len(helper(table, column).encode()) + ROOM <= NAME_BYTES


def test_columns_whose_helpers_would_be_called_the_same_are_told_apart() -> None:
    told = {helper("a_b", "c", told_apart=True), helper("a", "b_c", told_apart=True), helper("a_b", "c")}
    assert len(told) == 3


def test_a_helper_is_never_called_like_what_was_set_aside() -> None:
    assert helper("old", "a", what="fill") != aside("a_fill", "old")
