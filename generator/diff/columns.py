"""Columns of a table that both schemas have."""

from collections.abc import Iterator

from generator.diff.asked_renames import rename_questions
from generator.diff.found import Found, Note
from generator.diff.keys import toml
from generator.diff.likeness import column_likeness
from generator.diff.pair import Pair, comment
from generator.diff.required import fill
from generator.model.answers import Question, QuestionKind, Suggestion, key_of
from generator.model.change import (
    ColumnAdded,
    ColumnDropped,
    ColumnOptional,
    ColumnRenamed,
    ColumnRequired,
    ColumnTypeChanged,
    CommentTarget,
    DefaultChanged,
    GeneratedChanged,
    IdentityChanged,
)
from generator.model.schema import Column, Table

_LIKE = 0.3
"""From here on two columns are alike enough to ask whether one became the other."""


def compare_columns(old: Table, new: Table, pair: Pair) -> Iterator[Found]:
    """Renames are those that were answered; a column that vanishes while a like one appears is a question."""
    renamed = pair.columns.get(new.name, {})
    vanished = [each for each in old.columns if not new.has_column(each.name) and each.name not in renamed]
    appeared = [each for each in new.columns if not old.has_column(each.name) and each.name not in renamed.values()]
    for before, after in sorted(renamed.items()):
        yield from _renamed(old, new, old.column(before), new.column(after), pair)
    scores = _scores(old, new, vanished, appeared, pair)
    asked = rename_questions(
        scores,
        kind="",
        because="They hold the same kind of thing, and only you know whether the values of the one belong there.",
        content="its values",
    )
    doubtful = {name for found in scores.values() for name in found}
    for column in appeared:
        yield ColumnAdded(table=new.name, column=column)
        if key_of(new.name, column.name) not in doubtful:
            yield from fill(old, new, column, pair, is_new=True)
    for column in new.columns:
        if old.has_column(column.name):
            yield from _changed(old, new, old.column(column.name), column, pair)
    for column in vanished:
        yield ColumnDropped(table=new.name, column=column)
        question = asked.get(key_of(new.name, column.name))
        if question is not None:
            yield question
        else:
            yield from _loss(new, column, pair)
    yield from _order(old, new)


def _renamed(old: Table, new: Table, before: Column, after: Column, pair: Pair) -> Iterator[Found]:
    yield ColumnRenamed(table=new.name, old=before, new=after)
    if before.nullable and not after.nullable:
        yield from fill(old, new, after, pair, is_new=False)


def _changed(table: Table, new_table: Table, old: Column, new: Column, pair: Pair) -> Iterator[Found]:
    name = new_table.name
    if (old.type, old.collation) != (new.type, new.collation):
        yield ColumnTypeChanged(table=name, old=old, new=new)
    if old.nullable and not new.nullable:
        yield ColumnRequired(table=name, column=new)
        yield from fill(table, new_table, new, pair, is_new=False)
    if new.nullable and not old.nullable:
        yield ColumnOptional(table=name, column=new)
    if old.default != new.default:
        yield DefaultChanged(table=name, old=old, new=new)
    if old.identity != new.identity:
        yield IdentityChanged(table=name, old=old, new=new)
    if old.generated != new.generated:
        yield GeneratedChanged(table=name, old=old, new=new)
    yield from comment(CommentTarget.COLUMN, name, new.name, old.comment, new.comment)


def _scores(
    old: Table, new: Table, vanished: list[Column], appeared: list[Column], pair: Pair
) -> dict[str, dict[str, float]]:
    """How like each vanished column is to each appeared one that it may have become, by their keys."""
    found: dict[str, dict[str, float]] = {}
    for column in vanished:
        key = key_of(new.name, column.name)
        scores = {key_of(new.name, each.name): column_likeness(column, each, old, new) for each in appeared}
        found[key] = {
            name: score for name, score in scores.items() if score >= _LIKE and not pair.keeps_apart(key, name)
        }
    return found


def _loss(new: Table, column: Column, pair: Pair) -> Iterator[Found]:
    key = key_of(new.name, column.name)
    former = key_of(pair.former.get(new.name, new.name), column.name)
    # What is computed from the row is not lost.
    if column.generated is None and not pair.may_lose(key, former):
        yield Question(
            kind=QuestionKind.LOSES,
            key=key,
            text=f"{key} is gone from the new schema: may its values be lost?",
            because="Dropping a column drops its values; they are kept aside until cleanup.",
            suggestions=(Suggestion(label=f"drop {key} and its values", lines=f"[accept]\nloses = [{toml(key)}]"),),
        )


def _order(old: Table, new: Table) -> Iterator[Found]:
    """PostgreSQL cannot move a column, and nothing that names its columns can tell."""
    both = [column.name for column in old.columns if new.has_column(column.name)]
    wanted = [column.name for column in new.columns if old.has_column(column.name)]
    if both != wanted:
        yield Note(
            text=f"The columns of {new.name} stand in another order in the new schema; their order stays, and every"
            " value stays under its name. Two columns exchange names in two changes, by way of a third name."
        )
