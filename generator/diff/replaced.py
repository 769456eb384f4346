"""What follows from a type that is replaced: the types that are made of it are as well, and every column moves."""

from collections.abc import Iterable, Iterator

from generator.diff.pair import Pair
from generator.diff.renaming import renamed_in
from generator.model.change import ColumnTypeChanged, TypeReplaced
from generator.model.schema import Other, QName

MADE_OF_TYPES = frozenset({"domain", "composite type", "range type"})
"""Kinds of Other that are types, and may be made of others."""

_NOBODY = QName("", "")


def name_of(change: TypeReplaced) -> QName:
    """The type's name."""
    return type_name(change.new) if isinstance(change.new, Other) else change.new.name


def type_name(other: Other) -> QName:
    """The name of a type that is known by its definition."""
    from generator.diff.keys import parts_of

    schema, name = parts_of(other.sql_name)
    return QName(schema, name)


def uses(text: str, name: QName) -> bool:
    """Whether SQL text of the server's names the type."""
    return renamed_in(text, name, _NOBODY) != text


def with_types_made_of(replaced: Iterable[TypeReplaced], pair: Pair) -> Iterator[TypeReplaced]:
    """Those that are replaced, and the types of both schemas that hold one of them."""
    found = list(replaced)
    names = [name_of(each) for each in found]
    before = {(each.kind, each.name): each for each in pair.old.others if each.kind in MADE_OF_TYPES}
    types = [each for each in pair.new.others if (each.kind, each.name) in before and type_name(each) not in names]
    yield from found
    while found:
        found = []
        for each in types:
            if type_name(each) not in names and any(uses(each.definition, name) for name in names):
                found.append(TypeReplaced(old=before[each.kind, each.name], new=each))
        names += [name_of(each) for each in found]
        yield from found


def moved_columns(replaced: Iterable[TypeReplaced], pair: Pair) -> Iterator[ColumnTypeChanged]:
    """The columns that keep their names and the name of their type, and are of another type all the same.

    ``pair.old`` has the new names of its renamed tables.
    """
    names = [name_of(each) for each in replaced]
    before = {table.name: table for table in pair.old.tables} if names else {}
    for table in pair.new.tables:
        old = before.get(table.name)
        there = {column.name: column for column in old.columns} if old is not None else {}
        for column in table.columns:
            was = there.get(column.name)
            if was is not None and was.type == column.type and any(uses(column.type, name) for name in names):
                yield ColumnTypeChanged(table=table.name, old=was, new=column)
