"""One side of a migration by the names of the other, where tables are renamed: so that what is the same is seen so."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.diff.renaming import rename_table
from generator.model.plan import Filling, Mirror
from generator.model.schema import QName, Schema


def called(schema: Schema, names: Mapping[QName, QName]) -> Schema:
    """The schema with other names for some of its tables; none of them may be there already."""
    for before, after in sorted(names.items()):
        schema = rename_table(schema, before, after)
    return schema


def fillings_called(fillings: Iterable[Filling], names: Mapping[QName, QName]) -> tuple[Filling, ...]:
    """The same fillings of the tables under other names."""
    return tuple(
        replace(
            each,
            table=names.get(each.table, each.table),
            source=names.get(each.source, each.source) if each.source else None,
        )
        for each in fillings
    )


def mirrors_called(mirrors: Iterable[Mirror], names: Mapping[QName, QName]) -> tuple[Mirror, ...]:
    """The same mirrors in the tables under other names."""
    return tuple(replace(each, table=names.get(each.table, each.table)) for each in mirrors)
