"""A pair that ends badly, made small: parts are left out, or made alike, as long as it ends in the same way."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from generator.model.schema import Schema
from tests.pairs.mutations import with_table, without_column, without_table

Sides = tuple[Schema, Schema]

_PARTS = ("uniques", "checks", "exclusions", "indexes", "foreign_keys")


def reduced(old: Schema, new: Schema, same: Callable[[Schema, Schema], bool], most: int = 60) -> Sides:
    """The smallest pair found for which ``same`` holds, after at most ``most`` trials."""
    sides, trials, again = (old, new), 0, True
    while again:
        again = False
        for smaller in _smaller(*sides):
            if smaller == sides:
                continue
            trials += 1
            if trials > most:
                return sides
            if same(*smaller):
                sides, again = smaller, True
                break
    return sides


def _smaller(old: Schema, new: Schema) -> Iterator[Sides]:
    """Big cuts first."""
    for name in dict.fromkeys(each.name for side in (new, old) for each in side.tables):
        yield _both(old, new, lambda side, name=name: without_table(side, name))  # type: ignore[misc]
    for side in (new, old):
        for table in side.tables:
            for kind in _PARTS:
                for part in getattr(table, kind):
                    yield _both(old, new, lambda s, n=table.name, k=kind, p=part.name: _without_part(s, n, k, p))  # type: ignore[misc]
            for column in table.columns:
                yield _both(old, new, lambda s, n=table.name, c=column.name: without_column(s, n, c))  # type: ignore[misc]
    for part in dict.fromkeys((*old.sequences, *new.sequences)):
        yield _both(old, new, lambda s, n=part.name: _without_sequence(s, n))  # type: ignore[misc]
    if old.enums != new.enums:
        yield old, replace(new, enums=old.enums)
    for table in new.tables:
        if table not in old.tables and any(each.name == table.name for each in old.tables):
            before = old.table(table.name)
            for kind in (*_PARTS, "columns", "primary_key", "comment"):
                if getattr(before, kind) != getattr(table, kind):
                    yield old, with_table(new, table.name, replace(table, **{kind: getattr(before, kind)}))
            for place, column in enumerate(table.columns):
                if before.has_column(column.name) and before.column(column.name) != column:
                    same = (*table.columns[:place], before.column(column.name), *table.columns[place + 1 :])
                    yield old, with_table(new, table.name, replace(table, columns=same))
    for side, other in ((old, new), (new, old)):
        for table in side.tables:
            for column in table.columns:
                plain = replace(column, default=None, comment=None, collation=None)
                if plain != column:
                    columns = tuple(plain if each == column else each for each in table.columns)
                    cut = with_table(side, table.name, replace(table, columns=columns))
                    yield (cut, other) if side is old else (other, cut)


def _both(old: Schema, new: Schema, cut: Callable[[Schema], Schema]) -> Sides:
    return _tried(old, cut), _tried(new, cut)


def _tried(side: Schema, cut: Callable[[Schema], Schema]) -> Schema:
    try:
        return cut(side)
    except KeyError:
        return side


def _without_part(side: Schema, table: object, kind: str, name: str) -> Schema:
    found = next((each for each in side.tables if each.name == table), None)
    if found is None:
        return side
    parts = tuple(each for each in getattr(found, kind) if each.name != name)
    return with_table(side, found.name, replace(found, **{kind: parts}))


def _without_sequence(side: Schema, name: object) -> Schema:
    gone = f".{getattr(name, 'name', '')}"
    tables = tuple(
        replace(
            table,
            columns=tuple(
                replace(each, default=None)
                if each.default and each.default.startswith("nextval(") and gone.strip(".") in each.default
                else each
                for each in table.columns
            ),
        )
        for table in side.tables
    )
    return replace(side, tables=tables, sequences=tuple(each for each in side.sequences if each.name != name))
