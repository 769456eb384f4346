"""What differs between two schemas, kind by kind."""

from dataclasses import replace

import pytest

from generator.diff import compare
from generator.model.answers import Answers, QuestionKind
from generator.model.change import (
    ColumnDropped,
    ColumnOptional,
    ColumnTypeChanged,
    CommentChanged,
    DefaultChanged,
    EnumValueAdded,
    ExtensionChanged,
    ForeignKeyAdded,
    ForeignKeyChanged,
    ForeignKeyDropped,
    IndexChanged,
    OtherAdded,
    OtherChanged,
    OtherDropped,
    SequenceChanged,
    SequenceDropped,
    TableAdded,
    TableDropped,
    UniqueAdded,
    UniqueChanged,
    UniqueDropped,
)
from generator.model.diff import Diff
from generator.model.schema import (
    Column,
    EnumType,
    Extension,
    Identity,
    Index,
    Other,
    QName,
    Schema,
    Sequence,
    Table,
)
from tests.diff.schema_values import COUNTING, counter, key, reference, schema, table, unique

NONE = Answers()
T = QName("public", "t")


def kinds(diff: Diff) -> list[type]:
    return [type(change) for change in diff.changes]


def test_a_column_may_change_in_several_ways_at_once() -> None:
    old = schema(Table(name=T, columns=(Column(name="a", type="integer", nullable=False, default="1"),)))
    new = schema(Table(name=T, columns=(Column(name="a", type="bigint", comment="big"),)))
    assert kinds(compare(old, new, NONE)) == [ColumnTypeChanged, ColumnOptional, DefaultChanged, CommentChanged]


def test_another_order_of_columns_is_only_told() -> None:
    diff = compare(schema(table("t", a="text", b="text")), schema(table("t", b="text", a="text")), NONE)
    assert diff.changes == ()
    assert "another order" in diff.notes[0]


def test_a_new_table_s_foreign_keys_come_apart() -> None:
    new = table("t", reference("id", to="u"), id="bigint")
    added, foreign_key = compare(Schema(), schema(new), NONE).changes
    assert added == TableAdded(table=replace(new, foreign_keys=()))
    assert foreign_key == ForeignKeyAdded(table=T, key=new.foreign_keys[0], on_new_table=True)


def test_a_dropped_table_s_foreign_keys_go_first() -> None:
    old = schema(table("t", reference("id", to="u"), id="bigint"), table("u", reference("t", to="t"), t="bigint"))
    diff = compare(old, schema(table("u", t="bigint")), NONE)
    assert kinds(diff) == [ForeignKeyDropped, TableDropped, ForeignKeyDropped]


@pytest.mark.parametrize("written", ["t", "public.t", '"t"'])
def test_a_loss_is_asked_about_unless_accepted(written: str) -> None:
    old = schema(table("t", id="bigint"))
    (question,) = compare(old, Schema(), NONE).questions
    assert (question.kind, question.key) == (QuestionKind.LOSES, "t")
    assert question.suggestions[0].lines == '[accept]\nloses = ["t"]'
    assert compare(old, Schema(), Answers(loses=frozenset({written}))).questions == ()


def test_a_generated_column_loses_nothing() -> None:
    from generator.model.schema import Generated

    computed = Column(name="g", type="text", generated=Generated(expression="lower(a)", stored=True))
    old = schema(table("t", computed, a="text"))
    diff = compare(old, schema(table("t", a="text")), NONE)
    assert kinds(diff) == [ColumnDropped]
    assert diff.questions == ()


def test_constraints_are_paired_by_name_first() -> None:
    old = schema(table("t", unique("a", name="one"), unique("b", name="two"), a="text", b="text"))
    new = schema(table("t", unique("b", name="one"), unique("a", name="two"), a="text", b="text"))
    assert kinds(compare(old, new, NONE)) == [UniqueChanged, UniqueChanged]


def test_a_constraint_that_is_made_anew_brings_its_comment_with_it() -> None:
    old = schema(table("t", replace(unique("a", name="u"), comment="why"), a="text", b="text"))
    new = schema(table("t", replace(unique("b", name="u"), comment="why"), a="text", b="text"))
    (changed,) = compare(old, new, NONE).changes
    assert isinstance(changed, UniqueChanged)
    assert changed.new.comment == "why"


def test_a_foreign_key_that_is_validated_has_changed() -> None:
    old = schema(table("t", replace(reference("u", to="u"), validated=False), u="bigint"))
    new = schema(table("t", reference("u", to="u"), u="bigint"))
    assert kinds(compare(old, new, NONE)) == [ForeignKeyChanged]


def test_an_invalid_index_is_never_the_wanted_one() -> None:
    index = Index(name="i", unique=True, body="USING btree (a)", columns=("a",))
    old = schema(table("t", replace(index, valid=False), a="text"))
    assert kinds(compare(old, schema(table("t", index, a="text")), NONE)) == [IndexChanged]
    renamed = schema(table("t", replace(index, name="j"), a="text"))
    assert [type(change).__name__ for change in compare(old, renamed, NONE).changes] == ["IndexAdded", "IndexDropped"]


def enums(*values: str) -> Schema:
    return Schema(enums=(EnumType(name=QName("public", "mood"), values=values),))


def test_enum_values_go_where_they_belong() -> None:
    diff = compare(enums("a", "b"), enums("x", "a", "y", "z", "b", "end", "last"), NONE)
    assert [(change.value, change.before) for change in diff.changes if isinstance(change, EnumValueAdded)] == [
        ("x", "a"),
        ("y", "b"),
        ("z", "b"),
        ("end", None),
        ("last", None),
    ]


def test_a_sequence_s_value_is_asked_about_unless_its_column_goes_or_counts_on() -> None:
    alone = schema(counter("s"))
    assert [question.key for question in compare(alone, Schema(), NONE).questions] == ["s"]
    owned = schema(table("t", id="bigint!", a="text"), counter("s", owner=("t", "id")))
    dropped = compare(owned, schema(table("t", a="text")), Answers(loses=frozenset({"t.id"})))
    assert SequenceDropped in kinds(dropped)
    assert dropped.questions == ()
    identity = Identity(always=True, options=COUNTING, sequence=QName("public", "s"))
    counting = Column(name="id", type="bigint", nullable=False, identity=identity)
    assert compare(owned, schema(table("t", counting, a="text")), NONE).questions == ()


def test_a_renamed_column_s_sequence_gets_another_owner() -> None:
    old = schema(table("t", id="bigint!"), counter("s", owner=("t", "id")))
    new = schema(table("t", key_="bigint!"), counter("s", owner=("t", "key_")))
    diff = compare(old, new, Answers(renames={"t.id": "t.key_"}))
    assert SequenceChanged in kinds(diff)


def test_another_version_of_an_extension_and_another_place_are_changes() -> None:
    old, new, moved = (
        Extension(name="x", schema=schema, version=version)
        for schema, version in (("public", "1"), ("public", "2"), ("app", "1"))
    )
    for after in (new, moved):
        diff = compare(Schema(extensions=(old,)), Schema(extensions=(after,)), NONE)
        assert diff.changes == (ExtensionChanged(old=old, new=after),)


FEED = Other(kind="subscription", name="f", definition="CREATE SUBSCRIPTION f …")
VIEW = Other(kind="view", name="v", definition="CREATE VIEW public.v AS SELECT 1")
RIGHTS = Other(kind="rights", name="table t", definition="GRANT SELECT ON TABLE public.t TO x", table=T)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ((), (FEED,), "The subscription f is new."),
        ((FEED,), (), "The subscription f is gone."),
        ((FEED,), (replace(FEED, definition="another"),), "The subscription f differs."),
    ],
)
def test_a_difference_that_is_not_written_is_refused_by_name(
    old: tuple[Other, ...], new: tuple[Other, ...], what: str
) -> None:
    both = schema(table("t", id="bigint"))
    diff = compare(replace(both, others=old), replace(both, others=new), NONE)
    (refusal,) = diff.refusals
    assert refusal.what == what
    assert refusal.because
    assert refusal.way_out


def test_objects_that_are_known_by_their_definition_change_as_a_whole() -> None:
    both = schema(table("t", id="bigint"))
    other = replace(VIEW, definition="CREATE VIEW public.v AS SELECT 2")
    old, new = replace(both, others=(VIEW,)), replace(both, others=(RIGHTS, other))
    assert kinds(compare(old, new, NONE)) == [OtherAdded, OtherChanged]
    assert kinds(compare(new, both, NONE)) == [OtherDropped, OtherDropped]


@pytest.mark.parametrize(
    ("object_", "belonging"),
    [
        (counter("s"), Other(kind="rights", name="sequence s", definition="GRANT …")),
        (VIEW, Other(kind="rights", name="table v", definition="GRANT …")),
        (VIEW, Other(kind="comment", name="on view v", definition="a view")),
    ],
)
def test_rights_and_comments_go_with_what_they_are_on(object_: Sequence | Other, belonging: Other) -> None:
    others = (belonging, object_) if isinstance(object_, Other) else (belonging,)
    old = Schema(sequences=(object_,) if isinstance(object_, Sequence) else (), others=others)
    assert len(compare(old, Schema(), NONE).changes) == 1
    assert kinds(compare(old, replace(old, others=others[1:]), NONE)) == [OtherDropped]


def test_what_is_the_same_on_both_sides_is_not_in_the_way() -> None:
    both = replace(schema(table("t", id="bigint")), others=(RIGHTS, VIEW))
    assert compare(both, both, NONE) == Diff()


def test_what_belongs_to_something_dropped_goes_with_it() -> None:
    storage = Other(kind="column storage", name="t.a", definition="ALTER …", table=T)
    clustered = Other(kind="clustered index", name="i", definition="ALTER …", table=T)
    index = Index(name="i", unique=False, body="USING btree (a)", columns=("a",))
    old = replace(schema(table("t", index, id="bigint", a="text")), others=(clustered, storage))
    accepted = Answers(loses=frozenset({"t", "t.a"}))
    assert compare(old, schema(table("t", id="bigint")), accepted).refusals == ()
    whole = replace(old, others=(RIGHTS, clustered, storage))
    assert compare(whole, Schema(), accepted).refusals == ()


@pytest.mark.parametrize("kind", ["typed table", "foreign table"])
def test_a_table_that_becomes_special_is_refused_and_never_dropped(kind: str) -> None:
    plain = schema(table("t", key("id"), id="bigint!"))
    special = Schema(others=(Other(kind=kind, name="t", definition="CREATE TABLE …", table=T),))
    for old, new in ((plain, special), (special, plain)):
        diff = compare(old, new, NONE)
        assert (diff.changes, diff.questions) == ((), ())
        assert len(diff.refusals) == 1


def test_a_unique_constraint_is_not_a_unique_index() -> None:
    index = Index(name="a_key", unique=True, body="USING btree (a)", columns=("a",))
    old, new = schema(table("t", unique("a"), a="text")), schema(table("t", index, a="text"))
    assert UniqueDropped in kinds(compare(old, new, NONE))
    assert UniqueAdded in kinds(compare(new, old, NONE))
