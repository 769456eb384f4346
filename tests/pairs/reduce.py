"""A pair that ends badly, made small: parts are left out, or made alike, as long as it ends in the same way."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from generator.model.schema import Schema
from tests.pairs.mutations import Pair, with_parts, with_table, without_column, without_table
from tests.pairs.outcome import End, Result, sql_of

Sides = tuple[Schema, Schema]

_PARTS = ("uniques", "checks", "exclusions", "indexes", "foreign_keys")


def reduced(pair: Pair, same: Callable[[Pair], bool], most: int = 60) -> Pair:
    """The smallest pair found for which ``same`` holds, after at most ``most`` trials."""
    trials, again = 0, True
    while again:
        again = False
        for smaller in _all_smaller(pair):
            if smaller == pair:
                continue
            trials += 1
            if trials > most:
                return pair
            if same(smaller):
                pair, again = smaller, True
                break
    return pair


def shown(pair: Pair, result: Result) -> str:
    """The pair in the form of the files in ``found``, and what went wrong with it."""
    renames = "yes" if pair.renames else "no"
    head = f"-- {result.sort}\n-- ends: {End.PROVED}\n-- renames: {renames}\n"
    old, new = sql_of(pair.old, pair.old_around), sql_of(pair.new, pair.new_around)
    return f"{head}{old}-- NEW\n{new}\n/*\n{result.detail}\n*/\n"


def _all_smaller(pair: Pair) -> Iterator[Pair]:
    for each in dict.fromkeys(each.number for each in (*pair.old_around, *pair.new_around)):
        sides = (tuple(a for a in side if a.number != each) for side in (pair.old_around, pair.new_around))
        old_around, new_around = sides
        yield replace(pair, old_around=old_around, new_around=new_around)
    for old, new in _smaller(pair.old, pair.new):
        yield replace(pair, old=old, new=new)


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
                    yield old, with_table(new, table.name, with_parts(table, **{kind: getattr(before, kind)}))
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
    return with_table(side, found.name, with_parts(found, **{kind: parts}))


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
