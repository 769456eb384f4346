"""Which retyped columns change places with their second columns together, in one transaction.

Those of one table; those that a foreign key ties together; those that one view, policy or function speaks of; and
those of a type that is replaced, since in between a parameter that is cast to it by its name would not fit the column.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.dialects.postgres.names import aside
from generator.dialects.postgres.recipes.below import comes_from_above
from generator.model.change import ColumnTypeChanged, TypeReplaced
from generator.model.schema import QName

if TYPE_CHECKING:
    from generator.dialects.postgres.recipes.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """The changes of one transaction, in the plan's order: the first of them writes it."""

    changes: tuple[ColumnTypeChanged, ...]

    @property
    def tables(self) -> tuple[QName, ...]:
        """The tables that it touches."""
        return tuple(dict.fromkeys(change.table for change in self.changes))

    def seconds(self, table: QName) -> Mapping[str, str]:
        """The table's columns that change places, with the names of their second columns."""
        return {each.new.name: aside(each.new.name, "new") for each in self.changes if each.table == table}

    def types(self, context: "Context") -> tuple[TypeReplaced, ...]:
        """The types that are replaced together with their columns."""
        found = (_type_of(each, context) for each in self.changes)
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def moves(self, table: QName, names: Iterable[str]) -> bool:
        """Whether one of these columns of the table changes places."""
        return any(name in self.seconds(table) for name in names)


def swaps_of(context: "Context") -> tuple[Swap, ...]:
    """Every group of columns that change places together; those of a partition go along with those above."""
    changes = [
        each
        for each in context.changes
        if isinstance(each, ColumnTypeChanged)
        and context.facts.retypes[each.table, each.new.name].rewrites
        and not comes_from_above(each, context)
    ]
    if not changes:
        return ()
    leaders = list(range(len(changes)))

    def leader(number: int) -> int:
        while leaders[number] != number:
            number = leaders[number]
        return number

    for group in _tied(changes, context):
        first = min(leader(number) for number in group)
        for number in group:
            leaders[leader(number)] = first
    groups: defaultdict[int, list[ColumnTypeChanged]] = defaultdict(list)
    for number, change in enumerate(changes):
        groups[leader(number)].append(change)
    return tuple(Swap(changes=tuple(group)) for group in groups.values())


def _type_of(change: ColumnTypeChanged, context: "Context") -> TypeReplaced | None:
    """The replaced type from the old form of which to the new one a column moves."""
    replaced = context.types.of(change.new.type)
    return replaced if replaced is not None and context.types.of(change.old.type) is replaced else None


def _tied(changes: list[ColumnTypeChanged], context: "Context") -> Iterator[list[int]]:
    """Numbers of changes that belong together, each group for one reason."""
    by_table: defaultdict[QName, list[int]] = defaultdict(list)
    by_user: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    places = {(each.table, each.new.name): number for number, each in enumerate(changes)}
    by_type: defaultdict[TypeReplaced, list[int]] = defaultdict(list)
    for number, each in enumerate(changes):
        by_table[each.table].append(number)
        replaced = _type_of(each, context)
        if replaced is not None:
            by_type[replaced].append(number)
        for found in (
            *context.facts.dependents.get((each.table, each.old.name), ()),
            *context.facts.dependents_ahead.get((each.table, each.new.name), ()),
        ):
            by_user[found.kind, found.name].append(number)
    yield from by_table.values()
    yield from by_user.values()
    yield from by_type.values()
    for table in context.new.tables:
        for key in table.foreign_keys:
            theirs = [
                places[key.references, name] for name in key.referenced_columns if (key.references, name) in places
            ]
            ours = [places[table.name, name] for name in key.columns if (table.name, name) in places]
            if theirs and ours:
                yield theirs + ours


def swap_of(table: QName, name: str, context: "Context") -> Swap | None:
    """The swap in which a column changes places, if it does."""
    return next((swap for swap in context.swaps if name in swap.seconds(table)), None)


def swap_around(table: QName, names: Iterable[str], context: "Context") -> Swap | None:
    """The swap of a table which moves one of these columns."""
    names = tuple(names)
    return next((swap for swap in context.swaps if swap.moves(table, names)), None)
