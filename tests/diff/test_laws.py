"""Laws of comparing and applying, over random schemas."""

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from generator.diff import apply, compare
from generator.model.answers import Answers
from generator.model.diff import Diff
from generator.model.schema import Schema
from tests.strategies import schemas

_relaxed = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def columns_sorted(schema: Schema) -> Schema:
    """The order of columns is not compared."""
    return replace(
        schema,
        tables=tuple(
            replace(table, columns=tuple(sorted(table.columns, key=lambda column: column.name)))
            for table in schema.tables
        ),
    )


def shuffled(schema: Schema, random: Random) -> Schema:
    """The same things in another order."""
    return replace(
        schema,
        namespaces=tuple(random.sample(schema.namespaces, len(schema.namespaces))),
        enums=tuple(random.sample(schema.enums, len(schema.enums))),
        sequences=tuple(random.sample(schema.sequences, len(schema.sequences))),
        tables=tuple(random.sample(schema.tables, len(schema.tables))),
    )


@_relaxed
@given(schema=schemas())
def test_a_schema_does_not_differ_from_itself(schema: Schema) -> None:
    assert compare(schema, schema, Answers()) == Diff()


@_relaxed
@given(old=schemas(), new=schemas())
def test_the_changes_lead_from_the_old_schema_to_the_new(old: Schema, new: Schema) -> None:
    diff = compare(old, new, Answers())
    assume(not diff.refusals)
    schema = old
    for change in diff.changes:
        schema = apply(change, schema)
    assert columns_sorted(schema) == columns_sorted(new)


@_relaxed
@given(old=schemas(), new=schemas())
def test_a_second_comparison_is_empty(old: Schema, new: Schema) -> None:
    diff = compare(old, new, Answers())
    assume(not diff.refusals)
    schema = old
    for change in diff.changes:
        schema = apply(change, schema)
    assert compare(schema, new, Answers()).changes == ()


@_relaxed
@given(old=schemas(), new=schemas(), seed=st.integers())
def test_the_order_of_the_inputs_does_not_matter(old: Schema, new: Schema, seed: int) -> None:
    random = Random(seed)
    assert compare(shuffled(old, random), shuffled(new, random), Answers()) == compare(old, new, Answers())


@_relaxed
@given(old=schemas(), new=schemas())
def test_every_question_says_how_it_is_answered(old: Schema, new: Schema) -> None:
    for question in compare(old, new, Answers()).questions:
        assert question.suggestions
        assert question.text
        assert question.because
