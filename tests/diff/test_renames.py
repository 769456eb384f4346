"""Renames: never guessed, asked where two things are alike, and checked where they are answered."""

from dataclasses import replace

import pytest

from generator.diff import apply, compare
from generator.errors import BadInput
from generator.model.answers import Answers, QuestionKind
from generator.model.change import (
    ColumnAdded,
    ColumnDropped,
    ColumnRenamed,
    ConstraintRenamed,
    IndexRenamed,
    SequenceRenamed,
    TableAdded,
    TableDropped,
    TableRenamed,
)
from generator.model.schema import Column, Index, Other, QName, Schema
from tests.diff.schema_values import counter, key, reference, schema, table, unique

OLD = schema(table("customers", key("id"), id="bigint!", fullname="text", note="text"))
NEW = schema(table("customers", key("id"), id="bigint!", full_name="text", note="text"))


def renamed(**names: str) -> Answers:
    written = {old.replace("__", "."): new for old, new in names.items()}
    return Answers(renames=written, origin=dict.fromkeys(written, "answers.toml:3"))


def test_a_column_that_vanishes_while_a_like_one_appears_is_a_question() -> None:
    diff = compare(OLD, NEW, Answers())
    assert [type(change) for change in diff.changes] == [ColumnAdded, ColumnDropped]
    (question,) = diff.questions
    assert (question.kind, question.key) == (QuestionKind.RENAME, "customers.fullname")
    rename, apart = question.suggestions
    assert rename.lines == '[rename]\n"customers.fullname" = "customers.full_name"'
    assert apart.lines == (
        '[apart]\n"customers.fullname" = ["customers.full_name"]\n\n[accept]\nloses = ["customers.fullname"]'
    )


def test_the_most_alike_comes_first() -> None:
    new = schema(table("customers", key("id"), id="bigint!", zebra="text", full_name="text", count="integer"))
    question = compare(OLD, new, Answers()).questions[0]
    assert [each.label for each in question.suggestions][:2] == [
        "customers.fullname was renamed to customers.full_name",
        "customers.fullname was renamed to customers.zebra",
    ]


def test_a_column_of_another_kind_is_no_rename() -> None:
    new = schema(table("customers", key("id"), id="bigint!", full_name="jsonb", note="text"))
    assert [question.kind for question in compare(OLD, new, Answers()).questions] == [QuestionKind.LOSES]


def test_an_answered_rename_is_one_change() -> None:
    for answer in ("customers.full_name", "full_name", "public.customers.full_name"):
        diff = compare(OLD, NEW, renamed(customers__fullname=answer))
        (change,) = diff.changes
        assert isinstance(change, ColumnRenamed)
        assert (change.old.name, change.new.name) == ("fullname", "full_name")
        assert diff.questions == ()
        assert apply(change, OLD) == NEW


def test_what_is_kept_apart_is_not_asked_again() -> None:
    answers = Answers(
        keeps_apart=frozenset({("customers.fullname", "customers.full_name")}), loses=frozenset({"customers.fullname"})
    )
    diff = compare(OLD, NEW, answers)
    assert diff.questions == ()
    assert len(diff.changes) == 2


def test_a_rename_made_long_ago_is_passed_over() -> None:
    assert compare(NEW, NEW, renamed(customers__fullname="customers.full_name")).changes == ()
    assert compare(NEW, NEW, renamed(clients="customers")).notes == ()


def test_a_rename_of_what_does_not_differ_is_only_told() -> None:
    (note,) = compare(OLD, OLD, renamed(shops__a="shops.b")).notes
    assert note.startswith("answers.toml:3: the rename of shops.a to shops.b fits nothing")


@pytest.mark.parametrize(
    ("names", "message", "way_out"),
    [
        ({"customers__fulname": "customers.x"}, "customers.fulname is in neither", "customers.fullname"),
        ({"customers__fullname": "customers.ful_name"}, "customers.ful_name is in neither", "customers.full_name"),
        ({"customers__note": "customers.full_name"}, "customers.note is still there", ""),
        ({"customers__fullname": "customers.note"}, "customers.note was there before", ""),
    ],
)
def test_a_rename_that_cannot_be_is_refused_where_it_was_written(
    names: dict[str, str], message: str, way_out: str
) -> None:
    with pytest.raises(BadInput) as caught:
        compare(OLD, NEW, renamed(**names))
    assert message in caught.value.message
    assert "answers.toml:3: " in caught.value.message or "ful_name" in caught.value.message
    assert way_out in caught.value.way_out


SHOP = schema(
    table(
        "t",
        key("id", name="t_pkey"),
        unique("mail", name="t_mail_key"),
        Column(name="id", type="bigint", nullable=False, default="nextval('public.t_id_seq'::regclass)"),
        Index(name="t_note_idx", unique=False, body="USING btree (note)", columns=("note",)),
        mail="text",
        note="text",
    ),
    table("other", reference("t", to="t"), t="bigint"),
    counter("t_id_seq", owner=("t", "id")),
)
SHOP2 = schema(
    table(
        "t2",
        key("id", name="t2_pkey"),
        unique("mail", name="t2_mail_key"),
        Column(name="id", type="bigint", nullable=False, default="nextval('public.t2_id_seq'::regclass)"),
        Index(name="t2_note_idx", unique=False, body="USING btree (note)", columns=("note",)),
        mail="text",
        note="text",
    ),
    table("other", reference("t", to="t2"), t="bigint"),
    counter("t2_id_seq", owner=("t2", "id")),
)


def test_a_table_that_vanishes_while_a_like_one_appears_is_a_question() -> None:
    diff = compare(SHOP, SHOP2, Answers())
    assert {TableAdded, TableDropped} <= {type(change) for change in diff.changes}
    question = next(each for each in diff.questions if each.kind is QuestionKind.RENAME)
    assert question.key == "t"
    assert question.suggestions[0].lines == '[rename]\n"t" = "t2"'


def test_a_renamed_table_takes_everything_along() -> None:
    diff = compare(SHOP, SHOP2, renamed(t="t2"))
    assert diff.questions == ()
    assert [type(change) for change in diff.changes] == [
        TableRenamed,
        SequenceRenamed,
        ConstraintRenamed,
        ConstraintRenamed,
        IndexRenamed,
    ]
    made = SHOP
    for change in diff.changes:
        made = apply(change, made)
    assert made == SHOP2


def test_a_table_that_moves_takes_its_sequence_along() -> None:
    def moved(each: QName) -> QName:
        return QName("s", each.name)

    (t, sequence) = (SHOP.table(QName("public", "t")), SHOP.sequences[0])
    column = replace(t.column("id"), default="nextval('s.t_id_seq'::regclass)")
    new = Schema(
        tables=(replace(t, name=moved(t.name), columns=(*t.columns[:-1], column)),),
        sequences=(replace(sequence, name=moved(sequence.name), owned_by=(QName("s", "t"), "id")),),
    )
    old = replace(SHOP, tables=(t,))
    diff = compare(old, new, renamed(t="s.t"))
    assert [type(change) for change in diff.changes] == [TableRenamed]
    assert apply(diff.changes[0], old) == new


def test_columns_of_a_renamed_table_go_by_either_name() -> None:
    old = schema(table("t", id="bigint", a="text"))
    new = schema(table("t2", id="bigint", b="text"))
    for owner in ("t", "t2"):
        diff = compare(old, new, Answers(renames={"t": "t2", f"{owner}.a": "t2.b"}))
        assert [type(change) for change in diff.changes] == [TableRenamed, ColumnRenamed]


def test_what_hangs_on_a_renamed_table_is_not_in_the_way() -> None:
    def with_grant(side: Schema, name: str) -> Schema:
        definition = f"GRANT SELECT ON TABLE public.{name} TO reader"
        grant = Other(kind="rights", name=f"table {name}", definition=definition, table=QName("public", name))
        return replace(side, others=(grant,))

    old, new = schema(table("t", id="bigint")), schema(table("t2", id="bigint"))
    diff = compare(with_grant(old, "t"), with_grant(new, "t2"), renamed(t="t2"))
    assert diff.refusals == ()


def test_two_tables_cannot_become_one() -> None:
    old = schema(table("a", id="bigint"), table("b", id="bigint"))
    with pytest.raises(BadInput, match="Two tables are said to have become c"):
        compare(old, schema(table("c", id="bigint")), Answers(renames={"a": "c", "b": "c"}))


def test_odd_names_are_written_in_quotes() -> None:
    old = schema(table("Odd.Table", **{'The "A"': "text"}))
    new = schema(table("Odd.Table", **{"The B": "text"}))
    (question,) = compare(old, new, Answers()).questions
    assert question.key == '"Odd"."Table"."The ""A"""'
    diff = compare(old, new, Answers(renames={question.key: '"Odd"."Table"."The B"'}))
    assert [type(change) for change in diff.changes] == [ColumnRenamed]


@pytest.mark.parametrize(
    "renames",
    [{"t.a": "t.b", "t.b": "t.a"}, {"t.a": "t.b", "t.b": "t.c"}],
    ids=["exchanged", "in a chain"],
)
def test_a_name_that_passes_from_one_column_to_another_takes_two_changes(renames: dict[str, str]) -> None:
    old = schema(table("t", a="text", b="text"))
    new = schema(table("t", **dict.fromkeys(sorted(each.split(".")[1] for each in renames.values()), "text")))
    with pytest.raises(BadInput, match="is the name of two columns, one after the other") as error:
        compare(old, new, Answers(renames=renames))
    assert "Rename in two changes" in error.value.way_out
