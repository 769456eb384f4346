"""The picture of the tables: what is on it, how it is marked, and that nothing lies on top of anything else."""

from dataclasses import replace
from itertools import combinations

from generator.model.change import Change, ColumnAdded, ColumnDropped, ColumnRenamed, ColumnTypeChanged, TableRenamed
from generator.model.schema import Column, QName, Schema, Table
from generator.render.review.mermaid import mermaid
from generator.render.review.picture import Mark, Picture, picture, short
from generator.render.review.placing import Drawing, narrow, wide
from generator.render.review.subject import Subject
from tests.render.plans import CUSTOMERS, LINK_CUSTOMERS, USERS
from tests.render.subjects import CHANGES, ID, NEW, OLD, key, reference, subject


def of(old: Schema, new: Schema, *changes: Change) -> Picture:
    return picture(Subject(plan=LINK_CUSTOMERS, proof=None, old=old, new=new, changes=changes))


def table(name: str, *columns: Column) -> Table:
    return Table(name=QName("public", name), columns=(ID, *columns), primary_key=key(name))


def test_the_tables_that_change_are_on_it_with_those_that_hang_on_them() -> None:
    drawn = of(OLD, NEW, *CHANGES)
    assert [str(box.table) for box in drawn.boxes] == ["customers", "orders", "users"]
    assert [box.mark for box in drawn.boxes] == [Mark.CHANGED, Mark.SAME, Mark.SAME]


def test_a_column_that_comes_is_marked_and_so_is_its_reference() -> None:
    drawn = of(OLD, NEW, *CHANGES)
    marks = {row.name: row.mark for row in drawn.boxes[0].rows}
    assert marks == {"id": Mark.SAME, "user_id": Mark.ADDED}
    assert {(link.row, link.mark) for link in drawn.links} == {("user_id", Mark.ADDED), ("customer_id", Mark.SAME)}


def test_its_words_tell_what_it_shows() -> None:
    words = of(OLD, NEW, *CHANGES).words
    assert "customers changes: user_id uuid NOT NULL UNIQUE FK is added." in words
    assert "customers (user_id) will refer to users (id) ON DELETE CASCADE." in words


def test_what_is_called_otherwise_or_has_another_type_shows_both() -> None:
    before, after = Column(name="fullname", type="text"), Column(name="full_name", type="character varying(40)")
    old, new = Schema(tables=(table("members", before),)), Schema(tables=(table("people", after),))
    people = QName("public", "people")
    drawn = of(
        old,
        new,
        TableRenamed(old=QName("public", "members"), table=new.tables[0]),
        ColumnRenamed(table=people, old=before, new=after),
        ColumnTypeChanged(table=people, old=replace(before, name="full_name"), new=after),
    )
    (box,) = drawn.boxes
    assert (box.was_name, str(box.table)) == ("members", "people")
    row = box.rows[-1]
    assert (row.was_name, row.was, row.name, row.now) == ("fullname", "text", "full_name", "varchar(40)")
    lines = wide(drawn).boxes[0].lines
    assert [(line.when, line.sign, line.name) for line in lines[1:]] == [
        ("is-was", "−", "fullname"),
        ("is-now", "+", "full_name"),
    ]
    assert "WAS fullname text" in mermaid(drawn)


def test_what_goes_is_on_it_too() -> None:
    gone = Column(name="legacy", type="text")
    drawn = of(
        Schema(tables=(table("t", gone),)),
        Schema(tables=(table("t"),)),
        ColumnDropped(table=QName("public", "t"), column=gone),
    )
    assert drawn.boxes[0].rows[-1].mark is Mark.DROPPED
    assert 'text legacy "GOES"' in mermaid(drawn)


def overlapping(drawing: Drawing) -> list[tuple[str, str]]:
    return [
        (str(one.box.table), str(other.box.table))
        for one, other in combinations(drawing.boxes, 2)
        if one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    ]


def many(count: int) -> Picture:
    """Tables that refer to one another in chains, in a circle, and to themselves."""
    column = Column(name="parent_id", type="uuid")
    tables = []
    for number in range(count):
        keys = [reference(f"k{number}", "parent_id", QName("public", f"t{(number * 7 + 1) % count}"))]
        tables.append(replace(table(f"t{number}", column), foreign_keys=tuple(keys)))
    added = Column(name="more", type="text")
    changed = [replace(each, columns=(*each.columns, added)) for each in tables]
    changes = [ColumnAdded(table=each.name, column=added) for each in tables]
    return of(Schema(tables=tuple(tables)), Schema(tables=tuple(changed)), *changes)


def test_no_box_lies_on_another() -> None:
    for count in (1, 2, 5, 12, 40):
        drawn = many(count)
        assert len(drawn.boxes) == count
        for drawing in (wide(drawn), narrow(drawn)):
            assert overlapping(drawing) == []
            assert all(box.x >= 0 and box.x + box.width <= drawing.width for box in drawing.boxes)
            assert all(box.y >= 0 and box.y + box.height <= drawing.height for box in drawing.boxes)


def test_a_narrow_one_fits_on_a_phone() -> None:
    assert narrow(many(30)).width <= 400


def test_what_there_is_no_room_for_is_counted() -> None:
    drawn = many(100)
    assert len(drawn.boxes) + drawn.left_out == 100
    assert drawn.left_out > 0
    assert mermaid(drawn) == ""


def test_names_and_types_that_are_too_long_are_cut_and_told_in_full_beside() -> None:
    long = Column(name="n" * 60, type="some_schema.a_type_with_a_long_name")
    name = QName("public", "t")
    drawn = of(Schema(tables=(table("t"),)), Schema(tables=(table("t", long),)), ColumnAdded(table=name, column=long))
    line = wide(drawn).boxes[0].lines[-1]
    assert line.name.endswith("…")
    assert line.whole.startswith("n" * 60)
    assert line.text


def test_a_diagram_holds_no_character_that_mermaid_cannot_read() -> None:
    odd = Column(name='a "b" %c', type="character varying(40)")
    name = QName("Odd One", 'ta"ble')
    made = Table(name=name, columns=(odd,))
    text = mermaid(
        of(Schema(tables=(replace(made, columns=()),)), Schema(tables=(made,)), ColumnAdded(table=name, column=odd))
    )
    assert '    "Odd One.ta\'ble" {' in text
    assert '        varchar(40) a_b_c "NEW"' in text


def test_types_are_shown_by_their_short_names() -> None:
    assert short("character varying(40)") == "varchar(40)"
    assert short("timestamp with time zone[]") == "timestamptz[]"


def test_nothing_is_drawn_where_no_table_changes() -> None:
    assert of(OLD, OLD).boxes == ()
    assert subject(LINK_CUSTOMERS, None).renamed == {}
    assert {CUSTOMERS, USERS} <= {each.name for each in OLD.tables}
