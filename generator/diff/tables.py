"""Tables: added, dropped, renamed; and everything of those that are in both schemas."""

from collections.abc import Iterator
from dataclasses import replace

from generator.diff.asked_renames import rename_questions
from generator.diff.columns import compare_columns
from generator.diff.constraints import compare_constraints
from generator.diff.found import Found
from generator.diff.indexes import compare_indexes
from generator.diff.keys import toml
from generator.diff.likeness import table_likeness
from generator.diff.pair import Pair, comment
from generator.diff.partitions import compare_places, follows, repartitioned
from generator.model.answers import Question, QuestionKind, Suggestion, key_of
from generator.model.change import (
    CommentTarget,
    ForeignKeyAdded,
    ForeignKeyDropped,
    TableAdded,
    TableDropped,
)
from generator.model.schema import Table

_LIKE = 0.6
"""From here on two tables are alike enough to ask whether one became the other."""


def compare_tables(pair: Pair) -> Iterator[Found]:
    """``pair.old`` has the new names already of the tables that were renamed."""
    old = {table.name: table for table in pair.old.tables}
    new = {table.name: table for table in pair.new.tables}
    anew = list(repartitioned(pair))
    yield from anew
    done = {name for found in anew for name in found.names}
    appeared = [new[name] for name in sorted(new.keys() - old.keys() - done)]
    vanished = [old[name] for name in sorted(old.keys() - new.keys() - done) if not pair.becomes_special(name)]
    asked = rename_questions(
        {key_of(each.name): _scores(each, appeared, pair) for each in vanished if not _goes_along(each, pair)},
        kind="The table ",
        because="The two are alike, and only you know whether the rows of the one belong into the other.",
        content="its rows",
    )
    for table in vanished:
        yield from _vanished(table, asked.get(key_of(table.name)), pair)
    for table in appeared:
        if not pair.was_special(table.name):
            yield from _added(table)
    for name in sorted(old.keys() & new.keys() - done):
        below = old[name].parents and old[name].parents == new[name].parents
        for found in _compare(old[name], new[name], pair):
            if not below or not follows(found, old[name], new[name], pair):
                yield found
    yield from compare_places(pair, done)


def _compare(old: Table, new: Table, pair: Pair) -> Iterator[Found]:
    yield from compare_columns(old, new, pair)
    yield from compare_constraints(old, new)
    yield from compare_indexes(old, new)
    yield from comment(CommentTarget.TABLE, new.name, "", old.comment, new.comment)


def _added(table: Table) -> Iterator[Found]:
    yield TableAdded(table=replace(table, foreign_keys=()))
    for key in table.foreign_keys:
        yield ForeignKeyAdded(table=table.name, key=key, on_new_table=True)
        yield from comment(CommentTarget.CONSTRAINT, table.name, key.name, None, key.comment)


def _scores(table: Table, appeared: list[Table], pair: Pair) -> dict[str, float]:
    """How like it is to each table that it may have become, by their keys."""
    name = key_of(table.name)
    scores = {key_of(each.name): table_likeness(table, each) for each in appeared}
    return {other: score for other, score in scores.items() if score >= _LIKE and not pair.keeps_apart(name, other)}


def _goes_along(table: Table, pair: Pair) -> bool:
    """Whether its rows are those of the table above, which goes as well, and about which it is asked."""
    return table.partition_of is not None and any(
        all(each.name != parent for each in pair.new.tables) for parent in table.parents
    )


def _vanished(table: Table, asked: Question | None, pair: Pair) -> Iterator[Found]:
    for key in table.foreign_keys:
        yield ForeignKeyDropped(table=table.name, key=key)
    yield TableDropped(table=replace(table, foreign_keys=()))
    name = key_of(table.name)
    if _goes_along(table, pair):
        return
    if asked is not None:
        yield asked
    elif not pair.may_lose(name):
        yield Question(
            kind=QuestionKind.LOSES,
            key=name,
            text=f"The table {name} is gone from the new schema: may its rows be lost?",
            because="Dropping a table drops its rows.",
            suggestions=(Suggestion(label=f"drop {name} and its rows", lines=f"[accept]\nloses = [{toml(name)}]"),),
        )
