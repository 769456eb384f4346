"""Values survive JSON, and nothing else is let in."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.model.answers import Answers, Backfill, Question, Refusal
from generator.model.plan import Action, CannotUndo, Filling, Plan, Stage, Statement, Step, Template, Undo
from generator.model.proof import Proof
from generator.model.schema import Column, QName, Schema, Table
from generator.model.wire import WireError, from_json, to_json

VALUES = st.one_of(
    st.from_type(Plan),
    st.builds(Proof, seconds=st.floats(allow_nan=False, allow_infinity=False)),
    st.from_type(Schema),
    st.from_type(Answers),
    st.from_type(Question),
    st.from_type(Refusal),
)


@given(VALUES)
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_value_comes_back_from_json_as_it_was(value: Any) -> None:
    assert from_json(type(value), json.loads(json.dumps(to_json(value)))) == value


def step(undo: Any) -> Step:
    return Step(
        stage=Stage.EXPAND, purpose="p", run=(Action(statements=(Statement(sql="SELECT 1"),), done="true"),), undo=undo
    )


def test_the_ways_back_are_told_apart_by_a_tag() -> None:
    written = to_json(step(CannotUndo(because="values are gone")))
    assert written["undo"] == {"is": "cannot_undo", "because": "values are gone"}
    written["undo"]["is"] = "nothing_to_undo"
    assert from_json(Step, written) != step(CannotUndo(because="values are gone"))
    written["undo"]["is"] = "no_such"
    with pytest.raises(WireError, match=r'step\.undo: expected an object with "is": "undo" or'):
        from_json(Step, written)


def test_sql_may_be_a_text_or_a_template() -> None:
    filling = Filling(
        table=QName("public", "customers"),
        table_alias="customers",
        column="user_id",
        type="uuid",
        key=(("id", "uuid"),),
        value="users.id",
        reads=("email",),
        backfill=Backfill(value="users.id", match=("email",), create={"email": "customers.email"}),
    )
    action = Action(statements=(Statement(sql=Template(name="fill.sql.j2", subject=filling)),), done="false")
    value = step(Undo(actions=(action,)))
    assert from_json(Step, json.loads(json.dumps(to_json(value)))) == value
    assert to_json(value)["run"][0]["statements"][0]["sql"] == "SELECT 1"


def test_a_mapping_is_written_in_the_order_of_its_keys() -> None:
    assert list(to_json(Answers(renames={"b": "c", "a": "d"}))["renames"]) == ["a", "b"]


COLUMN = to_json(Column(name="id", type="uuid"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "column: unknown field 'colour'"),
        ({"name": 7}, "column.name: expected a string, found 7"),
        ({"nullable": 1}, "column.nullable: expected true or false, found 1"),
        ({"default": []}, r"column.default: expected a string or null, found \[\]"),
        ({"generated": {"expression": "x"}}, "column.generated: the field 'stored' is missing"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, Any], message: str) -> None:
    with pytest.raises(WireError, match=message):
        from_json(Column, {**COLUMN, **change})


def test_the_place_is_named_inside_arrays() -> None:
    table = to_json(Table(name=QName("public", "t"), columns=(Column(name="id", type="uuid"),)))
    del table["columns"][0]["type"]
    with pytest.raises(WireError, match=r"table\.columns\[0\]: the field 'type' is missing"):
        from_json(Table, table)


def test_a_stage_that_does_not_exist_is_refused_with_those_that_do() -> None:
    written = {**to_json(step(CannotUndo(because="x"))), "stage": "later"}
    with pytest.raises(WireError, match=r"step\.stage: expected one of expand, backfill, .* found 'later'"):
        from_json(Step, written)


def test_a_pair_has_two_items() -> None:
    written = {**to_json(Answers()), "keeps_apart": [["a", "b", "c"]]}
    with pytest.raises(WireError, match=r"answers\.keeps_apart\[0\]: expected 2 items, found 3"):
        from_json(Answers, written)


def test_what_is_no_value_cannot_be_written() -> None:
    with pytest.raises(TypeError, match=r"object has no JSON form|expected"):
        to_json(object())
