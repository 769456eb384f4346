"""What may fill a column, best first: from another table by a match, from the row itself, or a constant."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from generator.diff.keys import toml
from generator.diff.likeness import bare_type, family, joinable, table_or_none, unique_columns
from generator.diff.pair import Pair
from generator.model.answers import Suggestion, key_of
from generator.model.schema import Column, ForeignKey, QName, Schema, Table
from generator.model.words import quoted

_MOST = 6
"""More than these nobody reads."""

_TELLS_NOTHING = frozenset({"timestamp", "boolean", "json", "number"})
"""Families of types whose values do not tell rows apart, however alike the names."""

_ZEROS = {
    "integer": ("0",),
    "number": ("0",),
    "text": ("''",),
    "boolean": ("false", "true"),
    "uuid": ("gen_random_uuid()",),
    "json": ("'{}'",),
    "bytea": ("''",),
    "interval": ("interval '0'",),
    "money": ("0::money",),
    "inet": ("'0.0.0.0'",),
    "cidr": ("'0.0.0.0/0'",),
    "point": ("point(0, 0)",),
    "tsvector": ("''",),
    **dict.fromkeys(("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"), ("'empty'",)),
}
_KNOWN = {
    "integer": ("1",),
    "number": ("1",),
    "text": ("'default'",),
    "uuid": ("'00000000-0000-0000-0000-000000000000'",),
}
"""Keys that a row made for the purpose may have."""
_TIMES = {
    "date": ("CURRENT_DATE",),
    "timestamp with time zone": ("now()",),
    "timestamp without time zone": ("now()",),
    "time without time zone": ("time '00:00'",),
}


def same_in_all_rows(default: str) -> bool:
    """Whether a default gives every row the same value, as far as its text tells."""
    return "(" not in default or default == "now()"


def bare(table: QName, column: str) -> str:
    """``customers.email`` as it is written in expressions: the table's bare name, quoted where it must be."""
    return f"{quoted(table.name)}.{quoted(column)}"


def backfill_suggestions(
    old: Table, new: Table, column: Column, pair: Pair, *, is_new: bool, doubled: bool = False
) -> tuple[Suggestion, ...]:
    """At most a handful of answers; the last one is to ask less of the column for now.

    ``doubled`` says that the column has to differ from row to row and would not.
    """
    key = key_of(new.name, column.name)
    found: list[Suggestion] = []
    if not is_new:
        found.append(
            Suggestion(
                label="no row is NULL: the migration stops if it finds one",
                lines=f'[backfill.{toml(key)}]\nunmatched = "stop"',
            )
        )
    reference = next((each for each in new.foreign_keys if each.columns == (column.name,)), None)
    alone = doubled or column.name in unique_columns(new)
    if reference is not None:
        found += _matches(key, old, new, reference, pair)
        found += _one_row(key, old, new, column, reference, pair, alone=alone)
    else:
        if (is_new or column.default is not None) and not (alone and same_in_all_rows(column.default or "")):
            found += _default(key, column)
        if alone:
            found += _own_key(key, old, new, column)
        else:
            found += _row(key, old, new, column)
            found += _constants(key, column, pair.new)
    found = list({each.lines: each for each in reversed(found)}.values())[::-1][: _MOST - 1]  # the first of two alike
    less = "without its unique key" if doubled else "nullable"
    found.append(Suggestion(label=f"leave {key} {less} in the new schema for now, and require it later", lines=""))
    return tuple(found)


def _lines(key: str, value: str, source: str | None = None, match: str | None = None) -> str:
    lines = [f"[backfill.{toml(key)}]"]
    if source is not None and match is not None:
        lines += [f"from = {toml(source)}", f"match = {toml(match)}"]
    return "\n".join([*lines, f"value = {toml(value)}"])


def _matches(key: str, old: Table, new: Table, reference: ForeignKey, pair: Pair) -> Iterator[Suggestion]:
    """Joins by columns of like names: unique ones first, then equal names, then equal types."""
    source = table_or_none(pair.old, reference.references)
    if source is None or source.name == new.name:
        return
    referenced = reference.referenced_columns[0]
    unique = unique_columns(source)
    candidates = []
    for mine in old.columns:
        for theirs in source.columns:
            likeness = SequenceMatcher(None, mine.name, theirs.name).ratio()
            if theirs.name == referenced or not new.has_column(mine.name) or likeness < 0.6:
                continue
            if family(theirs.type) in _TELLS_NOTHING:
                continue
            if family(mine.type) == family(theirs.type) or likeness == 1.0:
                candidates.append((theirs.name not in unique, -likeness, mine.name, theirs.name, mine, theirs))
    value = bare(source.name, referenced)
    for *_, mine, theirs in sorted(candidates, key=lambda each: each[:4]):
        here, there = bare(new.name, mine.name), bare(source.name, theirs.name)
        for match in _conditions(here, there, mine, theirs):
            yield Suggestion(
                label=f"{value} of the row where {match}",
                lines=_lines(key, value, key_of(source.name), match),
            )


def _conditions(here: str, there: str, mine: Column, theirs: Column) -> Iterator[str]:
    if family(mine.type) != family(theirs.type):
        yield f"{here}::{theirs.type} = {there}"
        return
    if joinable(mine, theirs):
        yield f"{here} = {there}"
    if family(mine.type) == "text":
        yield f"lower(trim({here})) = lower(trim({there}))"


def _default(key: str, column: Column) -> Iterator[Suggestion]:
    if column.default is not None:
        yield Suggestion(label=f"its default, {column.default}", lines=_lines(key, column.default))


def _row(key: str, old: Table, new: Table, column: Column) -> Iterator[Suggestion]:
    """Other columns of the row that hold the same kind of thing, the most alike by name first."""
    like = [
        (-SequenceMatcher(None, each.name, column.name).ratio(), each.name)
        for each in old.columns
        if each.name != column.name
        and new.has_column(each.name)
        and each.type == column.type
        and not each.nullable
        and (old.primary_key is None or each.name not in old.primary_key.columns)
    ]
    for _, name in sorted(like)[:2]:
        yield Suggestion(label=f"what {name} of the same row holds", lines=_lines(key, bare(new.name, name)))


def _own_key(key: str, old: Table, new: Table, column: Column) -> Iterator[Suggestion]:
    """For a unique column, which no constant fills: a new identifier, or the row's own key.

    The key first where it goes: other rows may refer to the row by it.
    """
    found = []
    made = {"uuid": "gen_random_uuid()", "text": "gen_random_uuid()::text"}.get(column.type)
    if made is not None:
        found.append(Suggestion(label="a new identifier for every row", lines=_lines(key, made)))
    names = old.primary_key.columns if old.primary_key else ()
    if len(names) == 1:
        mine, theirs = column.type, old.column(names[0]).type
        # A type with a length cuts what it is cast from, and what is cut may be the same in two rows.
        if family(mine) in (family(theirs), "text") and (mine == theirs or "(" not in mine):
            value = bare(new.name, names[0]) + (f"::{mine}" if mine != theirs else "")
            label = f"what {names[0]} of the same row holds: unique as well"
            found.insert(
                len(found) if new.has_column(names[0]) else 0, Suggestion(label=label, lines=_lines(key, value))
            )
    yield from found


def _one_row(
    key: str, old: Table, new: Table, column: Column, reference: ForeignKey, pair: Pair, *, alone: bool
) -> Iterator[Suggestion]:
    """Every row refers to one row that is there, which stops where it is not; or, in its own table, to itself."""
    referenced = reference.referenced_columns[0]
    source = table_or_none(pair.old, reference.references)
    if source is not None and source.name == new.name:
        if old.has_column(referenced) and old.column(referenced).type == column.type:
            yield Suggestion(label="the row itself", lines=_lines(key, bare(new.name, referenced)))
    elif source is not None and source.has_column(referenced) and not alone:
        value = bare(source.name, referenced)
        for known in _KNOWN.get(family(source.column(referenced).type), ()):
            yield Suggestion(
                label=f"one row of {key_of(source.name)} for all: put in which one, here {known}",
                lines=_lines(key, value, key_of(source.name), f"{value} = {known}"),
            )


def _constants(key: str, column: Column, schema: Schema) -> Iterator[Suggestion]:
    for value in _values(column, schema):
        yield Suggestion(label=f"{value} for every row", lines=_lines(key, value))


def _values(column: Column, schema: Schema) -> tuple[str, ...]:
    if column.type.endswith("[]"):
        return ("'{}'",)
    kind = bare_type(column.type)
    for enum in schema.enums:
        if kind in (f"{enum.name.schema}.{enum.name.name}", bare(QName("", enum.name.schema), enum.name.name)):
            return tuple("'" + value.replace("'", "''") + "'" for value in enum.values[:3])
    return _TIMES.get(kind) or _ZEROS.get(family(column.type), ())
