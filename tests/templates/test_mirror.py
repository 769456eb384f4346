"""Two columns which hold the same, whichever version of the application writes."""

import pytest

from generator.dialects.postgres.statements.triggers import switch_off
from generator.model.plan import Mirror
from generator.model.schema import QName
from tests.templates.fillings import computed
from tests.templates.scripts import Scratch, rendered

RENAMED = Mirror(
    table=QName("public", "members"), old_column="fullname", new_column="full_name",
    forward="fullname", back="full_name", helpers="_gm_members_full_name", search_path=("public",),
)  # fmt: skip
RETYPED = Mirror(
    table=QName("public", "members"), old_column="age", new_column="_gm_age",
    forward="age::int", back="_gm_age::text", helpers="_gm_members_age", search_path=("public",),
)  # fmt: skip
ONE_WAY = Mirror(
    table=QName("public", "members"), old_column="age", new_column="_gm_age",
    forward="age::int", back=None, helpers="_gm_members_age", search_path=("public",),
)  # fmt: skip


def mirrored(scratch: Scratch, mirror: Mirror) -> None:
    scratch.do("CREATE TABLE members (id int, fullname text, full_name text, age text, _gm_age int, note text)")
    ran = scratch.run(
        "SET search_path = '';" + rendered("mirror_function.sql.j2", mirror) + rendered("mirror_trigger.sql.j2", mirror)
    )
    assert ran.ok, ran.said


@pytest.fixture
def members(scratch: Scratch) -> Scratch:
    mirrored(scratch, RENAMED)
    return scratch


def names(scratch: Scratch) -> list[tuple[str | None, str | None]]:
    return scratch.rows("SELECT fullname, full_name FROM members ORDER BY id")


def test_an_insert_by_either_name(members: Scratch) -> None:
    members.do(
        "INSERT INTO members (id, fullname) VALUES (1, 'old'); INSERT INTO members (id, full_name) VALUES (2, 'new')"
    )
    members.do("INSERT INTO members (id) VALUES (3)")
    assert names(members) == [("old", "old"), ("new", "new"), (None, None)]


def test_an_update_by_either_name_and_the_new_one_wins(members: Scratch) -> None:
    members.do("INSERT INTO members (id, fullname) VALUES (1, 'x')")
    members.do("UPDATE members SET fullname = 'old'")
    assert names(members) == [("old", "old")]
    members.do("UPDATE members SET full_name = 'new'")
    assert names(members) == [("new", "new")]
    members.do("UPDATE members SET fullname = 'a', full_name = 'b'")
    assert names(members) == [("b", "b")]
    members.do("UPDATE members SET full_name = NULL")
    assert names(members) == [(None, None)]


def test_the_old_default_does_not_win_over_what_is_given(members: Scratch) -> None:
    members.do(
        "ALTER TABLE members ALTER fullname SET DEFAULT 'nobody'; INSERT INTO members (full_name) VALUES ('new')"
    )
    members.do("INSERT INTO members (id) VALUES (1)")
    assert sorted(members.rows("SELECT fullname, full_name FROM members")) == [("new", "new"), ("nobody", "nobody")]


def test_an_unfilled_row_keeps_its_old_value_when_an_orm_writes_every_column(scratch: Scratch) -> None:
    scratch.do(
        "CREATE TABLE members (id int, fullname text, full_name text, note text); INSERT INTO members VALUES (1, 'old')"
    )
    for name in ("mirror_function.sql.j2", "mirror_trigger.sql.j2"):
        assert scratch.run(rendered(name, RENAMED)).ok
    scratch.do("UPDATE members SET fullname = 'old', full_name = NULL, note = 'x'")
    assert names(scratch) == [("old", None)]
    scratch.do("UPDATE members SET full_name = 'new'")
    assert names(scratch) == [("new", "new")]


def test_the_back_fill_does_not_convert_back(scratch: Scratch) -> None:
    scratch.do("CREATE TABLE members (id int, age text, _gm_age int); INSERT INTO members VALUES (1, ' 041 ')")
    for name in ("mirror_function.sql.j2", "mirror_trigger.sql.j2"):
        assert scratch.run(rendered(name, RETYPED)).ok
    filling = computed(
        "members.age::int", table=QName("public", "members"), table_alias="members", column="_gm_age", type="integer",
        reads=("age",), helpers="_gm_members_age",
    )  # fmt: skip
    ran = scratch.run(rendered("backfill.sql.j2", filling))
    assert ran.ok, ran.said
    assert scratch.rows("SELECT age, _gm_age FROM members") == [(" 041 ", 41)]


def test_a_value_without_a_new_form_does_not_stop_the_old_application(scratch: Scratch) -> None:
    mirrored(scratch, RETYPED)
    scratch.do("INSERT INTO members (id, age) VALUES (1, '41'); UPDATE members SET age = 'unknown'")
    assert scratch.rows("SELECT age, _gm_age FROM members") == [("unknown", None)]


def test_where_nothing_leads_back_the_new_column_cannot_be_written(scratch: Scratch) -> None:
    mirrored(scratch, ONE_WAY)
    scratch.do("INSERT INTO members (id, age) VALUES (1, '41'); UPDATE members SET age = '42'")
    assert scratch.rows("SELECT age, _gm_age FROM members") == [("42", 42)]
    ran = scratch.run("UPDATE members SET _gm_age = 43")
    assert "members._gm_age cannot be written yet" in ran.said
    assert "nothing leads back" in ran.said


def test_switched_off_it_does_nothing(members: Scratch) -> None:
    assert members.run(str(switch_off(QName(RENAMED.table.schema, f"{RENAMED.helpers}_mirror")).sql)).ok
    members.do("INSERT INTO members (id, fullname) VALUES (1, 'x')")
    assert names(members) == [("x", None)]


def test_after_contract_a_value_that_has_no_old_form_leaves_the_old_column_empty(scratch: Scratch) -> None:
    lenient = Mirror(
        table=QName("public", "members"), old_column="_gm_age", new_column="age",
        forward="_gm_age::text", back="age::int", helpers="_gm_members_age", search_path=("public",), lenient=True,
    )  # fmt: skip
    mirrored(scratch, lenient)
    scratch.do("INSERT INTO members (id, age) VALUES (1, '7'), (2, 'many')")
    assert scratch.rows("SELECT id, _gm_age, age FROM members ORDER BY id") == [(1, 7, "7"), (2, None, "many")]
    scratch.do("UPDATE members SET age = '99999999999' WHERE id = 1")
    assert scratch.rows("SELECT _gm_age, age FROM members WHERE id = 1") == [(None, "99999999999")]
