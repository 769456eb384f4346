"""Composite types: their attributes, and what is asked about one that is gone."""

from generator.diff import apply, compare
from generator.diff.composites import Attribute, attributes_of
from generator.model.answers import Answers, QuestionKind
from generator.model.change import ColumnTypeChanged, TypeReplaced
from generator.model.schema import Column, Other, QName, Schema, Table


def composite(attributes: str) -> Other:
    return Other(
        kind="composite type", name="k", definition=f"CREATE TYPE public.k AS ({attributes})", sql_name="public.k"
    )


def schema(attributes: str) -> Schema:
    table = Table(name=QName("public", "t"), columns=(Column(name="y", type="public.k[]"),))
    return Schema(tables=(table,), others=(composite(attributes),))


def test_the_attributes_are_read() -> None:
    assert attributes_of(composite('a numeric(10,2), "b, c" text COLLATE "C", d public."o,d"[]')) == (
        Attribute(name="a", type="numeric(10,2)"),
        Attribute(name='"b, c"', type='text COLLATE "C"'),
        Attribute(name="d", type='public."o,d"[]'),
    )


def test_an_attribute_more_replaces_the_type() -> None:
    old, new = schema("a integer"), schema("a integer, b text")
    diff = compare(old, new, Answers())
    assert [type(each) for each in diff.changes] == [TypeReplaced, ColumnTypeChanged]
    assert not diff.questions
    for change in diff.changes:
        old = apply(change, old)
    assert old == new


def test_an_attribute_that_goes_takes_what_it_holds() -> None:
    old, new = schema("a integer, b text"), schema("a integer")
    (question,) = compare(old, new, Answers()).questions
    assert (question.kind, question.key) == (QuestionKind.LOSES, "k.b")
    assert question.suggestions[-1].lines == '[accept]\nloses = ["t.y"]'
    assert not compare(old, new, Answers(loses=frozenset({"t.y"}))).questions


def test_an_attribute_for_another_is_asked_about() -> None:
    old, new = schema("a integer, b text"), schema("a integer, c text")
    (question,) = compare(old, new, Answers()).questions
    assert (question.kind, question.key) == (QuestionKind.RENAME, "k.b")
    assert question.suggestions[0].lines == '[rename]\n"k.b" = "k.c"'
    diff = compare(old, new, Answers(renames={"k.b": "k.c"}))
    assert not diff.questions
    assert [each.values for each in diff.changes if isinstance(each, TypeReplaced)] == [(("b", "c"),)]
    apart = Answers(keeps_apart=frozenset({("k.b", "k.c")}), loses=frozenset({"t.y"}))
    assert not compare(old, new, apart).questions
