"""What of a schema the code may no longer use as it did, and why: from the changes and the back-fills alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator.model import change as c
from generator.model.plan import Filling
from generator.model.schema import Column, QName, Schema

Name = tuple[QName, str]
"""A column, by its table."""


@dataclass(frozen=True, kw_only=True)
class Affected:
    """All by the names that the old schema has, since that is what the code was written for.

    ``tables`` are all tables with their old and new columns. The rest are what is looked for, each with the reason:
    ``gone`` tables that are dropped or renamed; ``columns`` that are dropped, renamed or retyped; ``required`` columns
    that an INSERT has to give now, ``never_null`` those that may no longer be NULL; ``joins`` pairs of columns by which
    a back-fill matched rows; ``keys`` columns of unique constraints that are gone.
    """

    tables: Mapping[QName, tuple[str, ...]]
    gone: Mapping[QName, str]
    columns: Mapping[Name, str]
    required: Mapping[Name, str]
    never_null: Mapping[Name, str]
    joins: Mapping[frozenset[Name], str]
    keys: Mapping[tuple[QName, frozenset[str]], str]

    @cached_property
    def touched(self) -> frozenset[QName]:
        """Every table of which something is looked for."""
        pairs = {table for pair in self.joins for table, _ in pair}
        return frozenset(
            {*self.gone, *pairs, *(table for table, _ in self.keys)}
            | {table for names in (self.columns, self.required, self.never_null) for table, _ in names}
        )

    def table(self, name: str, schema: str = "") -> QName | None:
        """The table that a bare or qualified name means; None where there is none, or more than one."""
        found = [each for each in self.tables if each.name == name and (not schema or each.schema == schema)]
        return found[0] if len(found) == 1 else None

    def must_give(self, table: QName) -> Iterator[tuple[str, str]]:
        """The columns that an INSERT into the table has to give now, with the reasons."""
        return ((column, why) for (of, column), why in self.required.items() if of == table)


def affected_by(changes: Sequence[c.Change], fillings: Iterable[Filling], old: Schema, new: Schema) -> Affected:
    """What of the old schema the code may no longer use as it did."""
    before = {each.table.name: each.old for each in changes if isinstance(each, c.TableRenamed)}
    pairs = [(name, column) for name, column in _both(old, new, before)]
    columns = dict(_columns(changes, before))
    required = {
        (
            name,
            column.name,
        ): f"{name}.{column.name} has to be given in the new schema: it is required and has no default"
        for name, (was, now) in pairs
        for column in now.values()
        if _has_to_be_given(column) and not (column.name in was and _has_to_be_given(was[column.name]))
    }
    return Affected(
        tables=_tables(old, new, before),
        gone=dict(_gone(changes)),
        columns=columns,
        required={each: why for each, why in required.items() if not _is_renamed(each, changes, before)},
        never_null={
            (
                before.get(each.table, each.table),
                each.column.name,
            ): f"{each.table}.{each.column.name} may not be NULL in the new schema"
            for each in changes
            if isinstance(each, c.ColumnRequired)
        },
        joins={pair: why for each in fillings for pair, why in _joins(each, before) if not pair & columns.keys()},
        keys={
            (before.get(each.table, each.table), frozenset(each.unique.columns)): "there is no unique constraint on"
            f" ({', '.join(each.unique.columns)}) of {each.table} in the new schema"
            for each in changes
            if isinstance(each, c.UniqueDropped)
        },
    )


def _tables(old: Schema, new: Schema, before: Mapping[QName, QName]) -> dict[QName, tuple[str, ...]]:
    found: dict[QName, tuple[str, ...]] = {
        table.name: tuple(column.name for column in table.columns) for table in old.tables
    }
    for table in new.tables:
        name = before.get(table.name, table.name)
        more = (column.name for column in table.columns)
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), *more)))
    return found


def _both(
    old: Schema, new: Schema, before: Mapping[QName, QName]
) -> Iterator[tuple[QName, tuple[dict[str, Column], dict[str, Column]]]]:
    """Every table that stays, by its old name, with its old and its new columns."""
    earlier = {table.name: table for table in old.tables}
    for table in new.tables:
        name = before.get(table.name, table.name)
        if name in earlier:
            was = {column.name: column for column in earlier[name].columns}
            yield name, (was, {column.name: column for column in table.columns})


def _has_to_be_given(column: Column) -> bool:
    return not (column.nullable or column.default is not None or column.identity or column.generated)


def _is_renamed(name: Name, changes: Sequence[c.Change], before: Mapping[QName, QName]) -> bool:
    """Whether the column is only called otherwise: then the old name is what is looked for."""
    return any(
        isinstance(each, c.ColumnRenamed)
        and (before.get(each.table, each.table), each.new.name) == name
        and _has_to_be_given(each.old)
        for each in changes
    )


def _gone(changes: Sequence[c.Change]) -> Iterator[tuple[QName, str]]:
    for each in changes:
        if isinstance(each, c.TableDropped):
            yield each.table.name, f"there is no {each.table.name} in the new schema"
        if isinstance(each, c.TableRenamed):
            yield each.old, f"it is called {each.table.name} in the new schema"


def _columns(changes: Sequence[c.Change], before: Mapping[QName, QName]) -> Iterator[tuple[Name, str]]:
    for each in changes:
        if isinstance(each, c.ColumnDropped):
            name = before.get(each.table, each.table)
            yield (name, each.column.name), f"there is no {each.table}.{each.column.name} in the new schema"
        elif isinstance(each, c.ColumnRenamed):
            name = before.get(each.table, each.table)
            yield (name, each.old.name), f"it is called {each.table}.{each.new.name} in the new schema"
        elif isinstance(each, c.ColumnTypeChanged) and each.old.type != each.new.type:
            name = before.get(each.table, each.table)
            yield (name, each.old.name), f"it is {each.new.type} in the new schema, and was {each.old.type}"


def _joins(filling: Filling, before: Mapping[QName, QName]) -> Iterator[tuple[frozenset[Name], str]]:
    """The columns that the match of a back-fill sets equal, one of each table."""
    import sqlglot
    from sqlglot import exp

    if filling.source is None or filling.match is None or filling.source == filling.table:
        return
    owners = {
        filling.table_alias: before.get(filling.table, filling.table),
        filling.source_alias: before.get(filling.source, filling.source),
    }
    why = (
        f"{filling.table}.{filling.column} leads to {filling.source} in the new schema: it was filled by comparing"
        " these once, and nothing keeps them equal"
    )
    for equal in sqlglot.parse_one(filling.match, read="postgres").find_all(exp.EQ):
        for one in equal.this.find_all(exp.Column):
            for other in equal.expression.find_all(exp.Column):
                sides = {(owners.get(each.table), each.name) for each in (one, other)}
                known = frozenset((table, name) for table, name in sides if table is not None)
                if len({table for table, _ in known}) == 2:
                    yield known, why
