"""Where the rows that exist get a value for a column that is required, or that an answer speaks of.

Inference is safe because nothing is enforced before a gate has counted zero rows without a match.
"""

import re
from collections.abc import Iterator

from generator.diff.found import Filled, Found
from generator.diff.likeness import joinable, table_or_none, unique_columns, whole_keys
from generator.diff.pair import Pair
from generator.diff.suggestions import backfill_suggestions, bare, same_in_all_rows
from generator.errors import BadInput
from generator.model.answers import Backfill, Question, QuestionKind, key_of
from generator.model.schema import Column, ForeignKey, Table

_CONSTANT = re.compile(r"-?[\d.]+|'(?:[^']|'')*'(?:::[\w .]+)?|true|false", re.I)
"""Answers that are the same for every row, beyond doubt."""


def fill(old: Table, new: Table, column: Column, pair: Pair, *, is_new: bool) -> Iterator[Found]:
    """The back-fill of a column that is new, or that was nullable and is not any more: answered, inferred or asked."""
    key = key_of(new.name, column.name)
    answered = pair.backfill(key)
    required = not column.nullable and column.generated is None and column.identity is None
    if answered is not None:
        if is_new and not answered.value:
            raise BadInput(
                f"{_where(key, pair)}The back-fill of {key} has no value, and the column is new.",
                "Give it a value: any SQL expression over the row.",
            )
        yield Filled(table=new.name, column=column.name, backfill=answered)
    elif is_new and _is_doubled(old, new, column, pair):
        yield _question(old, new, column, pair, is_new=True)
    elif required and is_new and column.default is None:
        inferred = _infer(old, new, column, pair)
        if inferred is not None:
            yield inferred
        else:
            yield _question(old, new, column, pair, is_new=True)
    elif required and not is_new:
        yield _question(old, new, column, pair, is_new=False)


def _is_doubled(old: Table, new: Table, column: Column, pair: Pair) -> bool:
    """Whether all rows would hold the same in new columns that have to differ, and this is the one to be filled."""
    former = pair.columns.get(new.name, {}).values()
    for key in whole_keys(new):
        if all(not old.has_column(name) and name not in former for name in key.columns):
            answered = {name for name in key.columns if pair.backfill(key_of(new.name, name)) is not None}
            open_ = [name for name in key.columns if name not in answered]
            alike = all(_is_alike(new.column(name), pair, new, nulls=key.nulls) for name in key.columns)
            if alike and open_[:1] == [column.name]:
                return True
    return False


def _is_alike(column: Column, pair: Pair, table: Table, *, nulls: bool) -> bool:
    """Whether a new column is the same in all rows; ``nulls`` says that it is so where it is NULL."""
    answered = pair.backfill(key_of(table.name, column.name))
    if answered is not None:
        return _CONSTANT.fullmatch(answered.value) is not None
    if column.default is None:
        return nulls and column.nullable and column.generated is None and column.identity is None
    return same_in_all_rows(column.default)


def _where(key: str, pair: Pair) -> str:
    origin = pair.answers.origin.get(key, "")
    return f"{origin}: " if origin else ""


def foreign_key_of(table: Table, column: str) -> ForeignKey | None:
    """The foreign key on this column alone."""
    return next((key for key in table.foreign_keys if key.columns == (column,)), None)


def _infer(old: Table, new: Table, column: Column, pair: Pair) -> Filled | None:
    """Exactly one column name that both tables have, of a comparable type, and unique where the key points."""
    key = foreign_key_of(new, column.name)
    if key is None or key.references == new.name or key.references.name == new.name.name:
        return None
    before, after = table_or_none(pair.old, key.references), table_or_none(pair.new, key.references)
    if before is None or after is None:
        return None
    referenced = key.referenced_columns[0]
    unique = unique_columns(before) & unique_columns(after) - {referenced}
    shared = [
        name
        for name in sorted(unique)
        if old.has_column(name)
        and new.has_column(name)
        and joinable(new.column(name), after.column(name))
        and joinable(old.column(name), before.column(name))
    ]
    if len(shared) != 1 or not before.has_column(referenced):
        return None
    here, there = bare(new.name, shared[0]), bare(key.references, shared[0])
    value = bare(key.references, referenced)
    backfill = Backfill(value=value, source=key_of(key.references), match=f"{here} = {there}", inferred=True)
    sentence = (
        f"{key_of(new.name, column.name)} is filled with {value} of the row of {key.references} that has the same"
        f" {shared[0]}: it is the only column name that both tables have and that is unique in {key.references}."
        " A row that finds no match stops the migration before anything is enforced."
    )
    return Filled(table=new.name, column=column.name, backfill=backfill, sentence=sentence)


def _question(old: Table, new: Table, column: Column, pair: Pair, *, is_new: bool) -> Question:
    key = key_of(new.name, column.name)
    doubled = is_new and _is_doubled(old, new, column, pair)
    because = (
        f"The column is new and unique, and {'NULL' if column.default is None else 'its default'} is the same for"
        " every row."
        if doubled
        else "The column is new, required, and has no default."
        if is_new
        else "The column may be NULL in rows that exist, and is required now."
    )
    return Question(
        kind=QuestionKind.BACKFILL,
        key=key,
        text=f"How is {key} filled for the rows that exist?",
        because=because,
        suggestions=backfill_suggestions(old, new, column, pair, is_new=is_new, doubled=doubled),
    )
