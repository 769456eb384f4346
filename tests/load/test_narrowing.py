"""What is left out of a comparison, and what never is."""

from generator.load import narrow, start
from generator.model.declared import Declared, Unit
from tests.load.conftest import Write


def _unit(name: str, sql: str = "", needs: str = "", late: str = "") -> Unit:
    return Unit(
        name=name, sql=sql or name, needs=tuple(needs.split()), late=late and "x", late_needs=tuple(late.split())
    )


def _side(*units: Unit) -> Declared:
    return Declared(source="here", units=units)


def _names(declared: Declared) -> str:
    return " ".join(unit.name for unit in declared.units)


def test_equal_sides_leave_nothing() -> None:
    side = _side(_unit("a"), _unit("b", needs="a"))
    assert [_names(each) for each in narrow(side, side)] == ["", ""]


def test_what_differs_stays_with_what_it_needs_and_what_hangs_on_it() -> None:
    def side(sql: str) -> Declared:
        return _side(
            _unit("root"), _unit("below", needs="root"), _unit("changed", sql, needs="below"),
            _unit("type"), _unit("hanging", needs="changed type"), _unit("further", needs="hanging"),
            _unit("apart", needs="root"),
        )  # fmt: skip

    for each in narrow(side("before"), side("after")):
        assert _names(each) == "root below changed type hanging"


def test_late_needs_count_and_may_go_in_circles() -> None:
    def side(sql: str) -> Declared:
        return _side(_unit("chicken", sql, late="egg"), _unit("egg", late="chicken"), _unit("third", late="egg"))

    assert [_names(each) for each in narrow(side("before"), side("after"))] == ["chicken egg", "chicken egg"]


def test_a_difference_in_the_late_part_is_a_difference() -> None:
    old = _side(_unit("a"), Unit(name="b", sql="b", late="x", late_needs=("a",)))
    new = _side(_unit("a"), Unit(name="b", sql="b", late="y", late_needs=("a",)))
    assert _names(narrow(old, new)[0]) == "a b"


def test_equal_units_stay_on_both_sides_or_on_none() -> None:
    old = _side(_unit("users"), _unit("orders"))
    new = _side(_unit("users"), _unit("orders", "orders with users", needs="users"))
    assert [_names(each) for each in narrow(old, new)] == ["users orders", "users orders"]


def test_what_is_only_on_one_side_stays_there() -> None:
    old, new = (
        _side(_unit("a"), _unit("gone"), _unit("used", needs="gone")),
        _side(_unit("a"), _unit("used"), _unit("b")),
    )
    assert [_names(each) for each in narrow(old, new)] == ["gone used", "used b"]


def test_files_stay_whole_as_soon_as_one_differs() -> None:
    old = _side(_unit("file a.sql"), _unit("file b.sql"))
    new = _side(_unit("file a.sql"), _unit("file b.sql", "other"))
    assert narrow(old, new) == (old, new)
    assert [_names(each) for each in narrow(old, old)] == ["", ""]


def test_a_live_database_stays_as_it_is() -> None:
    live, side = Declared(source="db", major=16, units=(_unit("database"),)), _side(_unit("a"))
    assert narrow(live, side) == (live, side)


def test_hints_and_source_stay(write: Write) -> None:
    write("old.sql", "SELECT 1")
    old = start("old.sql").result()
    assert narrow(old, old)[0].source == "old.sql"


def test_one_changed_table_of_many_takes_few_along(write: Write) -> None:
    text = """
from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
m = MetaData()
color = Enum("r", "g", name="color")
for n in range(40):
    Table(f"t{n}", m, Column("id", Integer, primary_key=True), Column("color", color),
          *([Column("up", ForeignKey(f"t{n // 2}.id"), index=True)] if n else []), EXTRA)
"""
    write("old.py", text.replace(", EXTRA", ""))
    write("new.py", text.replace("EXTRA", "*([Column('x', Text)] if n == 5 else [])"))
    old, new = narrow(start("old.py").result(), start("new.py").result())
    wanted = {"type color", *(f"table t{n}" for n in (0, 1, 2, 5, 10, 11))}
    assert {unit.name for unit in old.units} == {unit.name for unit in new.units} == wanted
