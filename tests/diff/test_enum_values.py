"""An enum that loses values or has them in another order is replaced; what becomes of a value is asked."""

import pytest

from generator.diff import apply, compare
from generator.errors import BadInput
from generator.model.answers import Answers, EnumValues, QuestionKind
from generator.model.change import ColumnTypeChanged, EnumValueAdded, TypeReplaced
from generator.model.schema import Column, EnumType, QName, Schema, Table

NAME = QName("public", "mood")


def schema(*values: str) -> Schema:
    columns = (Column(name="id", type="integer"), Column(name="mood", type="public.mood[]"))
    tables = (Table(name=QName("public", "users"), columns=columns),)
    return Schema(enums=(EnumType(name=NAME, values=values),), tables=tables)


def test_a_value_less_replaces_the_enum_and_moves_its_columns() -> None:
    diff = compare(schema("sad", "glad"), schema("sad"), Answers())
    assert [type(each) for each in diff.changes] == [TypeReplaced, ColumnTypeChanged]
    assert not diff.questions


def test_another_order_replaces_the_enum() -> None:
    diff = compare(schema("sad", "glad"), schema("glad", "sad"), Answers())
    assert [type(each) for each in diff.changes] == [TypeReplaced, ColumnTypeChanged]


def test_a_value_for_another_is_asked_about() -> None:
    diff = compare(schema("sad", "glad"), schema("sad", "happy"), Answers())
    (question,) = diff.questions
    assert (question.kind, question.key) == (QuestionKind.ENUM, "mood")
    assert [each.lines for each in question.suggestions] == [
        '[enum."mood"]\nmap = { "glad" = "happy" }',
        '[enum."mood"]\ngone = ["glad"]',
    ]


def test_the_old_type_takes_the_new_values_until_contract() -> None:
    answers = Answers(enums={"mood": EnumValues(map={"glad": "happy"})})
    old, new = schema("sad", "glad"), schema("sad", "happy")
    diff = compare(old, new, answers)
    assert EnumValueAdded(enum=NAME, value="happy", before=None) in diff.changes
    for change in diff.changes:
        old = apply(change, old)
    assert old == new


@pytest.mark.parametrize(
    ("said", "message"), [({"sad": "glad"}, "still has the value sad"), ({"glad": "bad"}, "will have no value bad")]
)
def test_an_answer_that_cannot_be_is_told(said: dict[str, str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        compare(schema("sad", "glad"), schema("sad"), Answers(enums={"mood": EnumValues(map=said)}))
