"""How alike two columns or two tables are, to rank what may be a rename; and which types may be compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from generator.model.schema import Column, QName, Schema, Table

_FAMILIES = {
    "smallint": "integer",
    "integer": "integer",
    "bigint": "integer",
    "numeric": "number",
    "real": "number",
    "double precision": "number",
    "character varying": "text",
    "character": "text",
    "text": "text",
    "timestamp without time zone": "timestamp",
    "timestamp with time zone": "timestamp",
    "date": "timestamp",
    "json": "json",
    "jsonb": "json",
}
_MODIFIER = re.compile(r"\([^)]*\)")


def bare_type(type_: str) -> str:
    """The type without length, precision and array brackets."""
    return " ".join(_MODIFIER.sub(" ", type_).removesuffix("[]").split())


def family(type_: str) -> str:
    """Types of one family hold the same kind of thing; an array is of a family of its own."""
    bare = bare_type(type_)
    return _FAMILIES.get(bare, bare) + ("[]" if type_.endswith("[]") else "")


def joinable(one: Column, other: Column) -> bool:
    """Whether ``=`` between the two means what people think: one family, and no text rules that differ."""
    return family(one.type) == family(other.type) and (
        family(one.type) != "text" or (one.collation == other.collation and "character" not in _padded(one, other))
    )


def _padded(*columns: Column) -> set[str]:
    """``character(n)`` ignores blanks at the end, so it equals more than text does."""
    return {bare_type(column.type) for column in columns}


def column_likeness(old: Column, new: Column, old_table: Table, new_table: Table) -> float:
    """0 for two columns that have nothing in common, 1 for the same under another name. 0 where types forbid it."""
    if family(old.type) != family(new.type):
        return 0.0
    names = SequenceMatcher(None, old.name.lower(), new.name.lower()).ratio()
    same_type = old.type == new.type
    place_old = [column.name for column in old_table.columns].index(old.name)
    place_new = [column.name for column in new_table.columns].index(new.name)
    same_rules = (old.nullable, old.default, old.collation) == (new.nullable, new.default, new.collation)
    same_constraints = _roles(old.name, old_table) == _roles(new.name, new_table)
    return 0.5 * names + 0.2 * same_type + 0.1 * (place_old == place_new) + 0.1 * same_rules + 0.1 * same_constraints


def _roles(column: str, table: Table) -> frozenset[str]:
    """The kinds of constraint that the column is in."""
    return frozenset(type(each).__name__ for each in table.constraints if column in each.columns)


def table_likeness(old: Table, new: Table) -> float:
    """How much of their columns two tables share, by name and type, and how alike their names are."""
    mine = {(column.name, family(column.type)) for column in old.columns}
    theirs = {(column.name, family(column.type)) for column in new.columns}
    shared = len(mine & theirs) / len(mine | theirs) if mine | theirs else 1.0
    names = SequenceMatcher(None, old.name.name.lower(), new.name.name.lower()).ratio()
    return 0.7 * shared + 0.3 * names


_EQUAL = re.compile(r'EXCLUDE USING \w+ \(("[^"]+"|[\w$]+) WITH =\)( DEFERRABLE.*)?')
_PLAIN = r'("[^"]+"|[\w$]+)( DESC)?( NULLS (FIRST|LAST))?'
_BODY = re.compile(
    rf"USING \w+ \((?P<keys>{_PLAIN}(, {_PLAIN})*)\)"
    r"( INCLUDE \([^()]*\))?(?P<nulls> NULLS NOT DISTINCT)?( WITH \([^()]*\))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeKey:
    """Columns that are unique together in every row; ``nulls`` says that one NULL is like another there."""

    columns: tuple[str, ...]
    nulls: bool = False


def whole_keys(table: Table) -> Iterator[WholeKey]:
    """Every key, unique constraint and whole unique index.

    An exclusion constraint of one column with ``=`` is no different from a unique one.
    """
    if table.primary_key is not None:
        yield WholeKey(columns=table.primary_key.columns)
    for unique in table.uniques:
        yield WholeKey(columns=unique.columns, nulls=unique.nulls_not_distinct)
    for exclusion in table.exclusions:
        if len(exclusion.columns) == 1 and _EQUAL.fullmatch(exclusion.definition):
            yield WholeKey(columns=exclusion.columns)
    for index in table.indexes:
        # A body of plain columns and nothing else: no expression, predicate or operator class.
        body = _BODY.fullmatch(index.body)
        if index.unique and index.valid and body:
            many = sum(1 for _ in re.finditer(_PLAIN, body["keys"]))
            yield WholeKey(columns=index.columns[:many], nulls=body["nulls"] is not None)


def unique_columns(table: Table) -> frozenset[str]:
    """Columns of which each alone is unique in every row."""
    return frozenset(key.columns[0] for key in whole_keys(table) if len(key.columns) == 1)


def table_or_none(schema: Schema, name: QName) -> Table | None:
    """The table of that name, or None."""
    return next((table for table in schema.tables if table.name == name), None)
