"""Two schemas in, a Diff out: pure, and the same whatever the order of the inputs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from generator.diff.apply import apply
from generator.diff.found import Filled, Found, Note
from generator.diff.keys import columns_named, table_of_column_key, unknown
from generator.diff.made_types import compare_types
from generator.diff.objects import compare_enums, compare_extensions, compare_namespaces, compare_sequences
from generator.diff.others import compare_others
from generator.diff.pair import Pair
from generator.diff.partitions import columns_below
from generator.diff.renames import read_renames
from generator.diff.replaced import moved_columns, name_of, with_types_made_of
from generator.diff.sequences import sequence_renames
from generator.diff.tables import compare_tables
from generator.model.answers import Answers, Question, Refusal, key_of
from generator.model.change import Change, TableRenamed, TypeReplaced
from generator.model.diff import Diff
from generator.model.schema import QName, Schema

T = TypeVar("T")


def compare(old: Schema, new: Schema, answers: Answers) -> Diff:
    """What leads from old to new. Raises BadInput for an answer whose name is in neither schema.

    Tables and sequences under a new name are renamed in ``old`` first; everything else is compared by name after that.
    """
    renames = read_renames(old, new, answers)
    moves: list[Change] = [
        TableRenamed(old=before, table=new.table(after)) for before, after in _in_order(renames.tables, old)
    ]
    moved = old
    for change in moves:
        moved = apply(change, moved)
    for renamed in sequence_renames(moved, new, renames.columns):
        moves.append(renamed)
        moved = apply(renamed, moved)
    pair = Pair(
        old=moved,
        new=new,
        answers=answers,
        former={after: before for before, after in renames.tables.items()},
        columns=columns_below(renames.columns, moved, new),
    )
    found = [*renames.notes, *_strange_answers(pair), *_compare(pair, moves)]
    fills = _only(found, Filled)
    return Diff(
        changes=tuple(each for each in found if not isinstance(each, Question | Refusal | Note | Filled)),
        questions=_only(found, Question),
        refusals=_only(found, Refusal),
        inferred=tuple(each.sentence for each in fills if each.sentence),
        backfills={(each.table, each.column): each.backfill for each in fills},
        notes=tuple(each.text for each in _only(found, Note)),
    )


def _only(found: Iterable[Found], kind: type[T]) -> tuple[T, ...]:
    return tuple(each for each in found if isinstance(each, kind))


def _compare(pair: Pair, moves: Iterable[Change]) -> Iterator[Found]:
    yield from compare_namespaces(pair)
    yield from compare_extensions(pair)
    enums = tuple(compare_enums(pair))
    made = tuple(compare_types(pair))
    replaced = tuple(with_types_made_of((*_only(enums, TypeReplaced), *_only(made, TypeReplaced)), pair))
    yield from (each for each in made if not isinstance(each, TypeReplaced))
    yield from (each for each in enums if not isinstance(each, TypeReplaced))
    yield from replaced
    yield from moves
    yield from compare_sequences(pair)
    yield from moved_columns(replaced, pair)
    yield from compare_tables(pair)
    yield from compare_others(pair, {name_of(each) for each in replaced})


def _in_order(tables: Mapping[QName, QName], old: Schema) -> Iterator[tuple[QName, QName]]:
    """Renames into a name that is free. One into a name that old has as well is refused before, so all are free."""
    del old
    yield from sorted(tables.items())


def _strange_answers(pair: Pair) -> Iterator[Found]:
    """Back-fills for columns that are not there: an error where the table is known, else told.

    The schemas may hold only the tables that differ, so a table that neither has need not be a slip.
    """
    for key in sorted(pair.answers.backfills):
        if columns_named(key, pair.new):
            continue
        table = table_of_column_key(key)
        known = [each for each in pair.new.tables if each.name == table]
        if table is None or known:
            columns = [key_of(each.name, column.name) for each in known for column in each.columns]
            raise unknown(key, pair.answers, "The column", columns)
        where = pair.answers.origin.get(key, "")
        yield Note(text=f"{where + ': ' if where else ''}the back-fill of {key} fits nothing that differs.")
