"""The rows that a schema may hold, by number: row 3 of a table refers to row 3 (or 1) of another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from generator.model.answers import Unmatched
from generator.model.plan import Filling
from generator.model.schema import Column, ForeignKey, QName, Schema, Table
from generator.prove.likeness import Likeness, Link, Node
from generator.prove.partitioned import has_room
from generator.prove.values import Values

ROWS = 8
"""How many rows a table gets, where its values are many enough."""

_UNMATCHED = 500
"""Numbers from here on are of values that no row of another table holds."""


@dataclass(slots=True, kw_only=True)
class RowMaker:
    """Makes rows of one schema's tables. ``count`` says how many each table gets at the beginning."""

    schema: Schema
    values: Values
    likeness: Likeness
    count: dict[QName, int] = field(default_factory=dict)
    never_null: set[Node] = field(default_factory=set)
    often_null: set[Node] = field(default_factory=set)
    always_null: set[Node] = field(default_factory=set)
    _groups: dict[QName, list[tuple[frozenset[str], bool, tuple[Link, ...]]]] = field(default_factory=dict)

    def seed(self, table: Table, number: int) -> dict[str, str | None]:
        """A row among those that are there at the beginning; generated columns are left out."""
        row: dict[str, str | None] = {}
        for position, column in enumerate(table.columns):
            if column.generated is None:
                index = self.index(table.name, column.name, number)
                text = self.values.family(table.name, column.name).value(index)
                null = self._is_null(table, column, position, number)
                row[column.name] = None if null else self._loosened(table, column, number, text)
        return row

    def fresh(self, table: Table, number: int) -> dict[str, str | None]:
        """A further row that refers to the rows with its own number; no NULL but where nothing else is allowed."""
        return {
            column.name: self.values.family(table.name, column.name).value(number)
            for column in table.columns
            if column.generated is None
        }

    def index(self, table: QName, column: str, number: int) -> int:
        """The number of the value that a column holds in row ``number``."""
        for columns, one_to_one, links in self._groups.get(table, ()):
            if column in columns:
                if self._is_unmatched(table, links, number):
                    return _UNMATCHED + number
                most = min((self.matched(link.source) for link in links), default=number + 1)
                return (number if one_to_one else number // 2) % max(most, 1)
        return number

    def matched(self, table: QName) -> int:
        """How many rows of a table, from the first on, others may refer to: those that no back-fill deletes."""
        loses = any(
            link.unmatched is Unmatched.DELETE
            for _, _, links in self._groups.get(table, ())
            for link in links
            if not link.enforced
        )
        return self.count.get(table, ROWS) - (2 if loses else 0)

    def links_of(self, table: QName) -> tuple[Link, ...]:
        """The links from a table of this schema."""
        return tuple(link for _, _, links in self._groups.get(table, ()) for link in links)

    def is_one_to_one(self, link: Link) -> bool:
        """Whether each row of the link's table wants a row of the other table for itself."""
        return any(one for columns, one, _ in self._groups.get(link.table, ()) if set(link.columns) <= columns)

    def _is_unmatched(self, table: QName, links: Iterable[Link], number: int) -> bool:
        return (
            number >= self.count.get(table, ROWS) - 2
            and any(not link.enforced and link.unmatched is not Unmatched.STOP for link in links)
            and not any(link.enforced for link in links)
        )

    def _is_null(self, table: Table, column: Column, position: int, number: int) -> bool:
        node = (table.name, column.name)
        if node in self.always_null:
            return True
        if not column.nullable or node in self.never_null:
            return False
        if node in self.often_null:
            return number % 2 == 1
        for columns, _, _ in self._groups.get(table.name, ()):
            if column.name in columns:
                together = [each for each in table.columns if each.name in columns]
                if any((table.name, each.name) in self.never_null for each in together):
                    return False
                return all(each.nullable for each in together) and number % 4 == 3
        return number > 0 and (number + position) % 4 == 3

    def _loosened(self, table: Table, column: Column, number: int, text: str | None) -> str | None:
        # Where the match does not mind case and blanks, rows that differ in them have to be matched as well.
        if text is None or number % 3 != 1 or (table.name, column.name) not in self.likeness.loose:
            return text
        return f" {text.upper()}"


def make_row_maker(
    schema: Schema, other: Schema, values: Values, likeness: Likeness, fillings: Iterable[Filling]
) -> RowMaker:
    """A RowMaker for one schema, whose rows also keep to what the other one asks for where they can."""
    maker = RowMaker(schema=schema, values=values, likeness=likeness)
    fillings = tuple(fillings)
    others = {table.name: table for table in other.tables}
    for table in schema.tables:
        sides = [table, others[table.name]] if table.name in others else [table]
        uniques = [unique for side in sides for unique in _uniques(side)]
        uniques += [frozenset(link.columns) for link in likeness.links if link.table == table.name and link.single]
        uniques += [frozenset(link.source_columns) for link in likeness.links if link.source == table.name]
        maker._groups[table.name] = list(_group(table, uniques, likeness))
        _note_nulls(maker, table, others.get(table.name), fillings)
    _count(maker, others, fillings)
    return maker


def _group(
    table: Table, uniques: list[frozenset[str]], likeness: Likeness
) -> Iterable[tuple[frozenset[str], bool, tuple[Link, ...]]]:
    groups: list[tuple[set[str], list[Link]]] = []
    for link in likeness.links:
        if link.table != table.name or not all(table.has_column(column) for column in link.columns):
            continue
        columns, links = set(link.columns), [link]
        for group in [group for group in groups if group[0] & columns]:
            columns |= group[0]
            links += group[1]
            groups.remove(group)
        groups.append((columns, links))
    for columns, links in groups:
        yield frozenset(columns), any(columns & unique for unique in uniques), tuple(links)


def _uniques(table: Table) -> Iterable[frozenset[str]]:
    if table.primary_key is not None:
        yield frozenset(table.primary_key.columns)
    yield from (frozenset(unique.columns) for unique in table.uniques)
    yield from (frozenset(exclusion.columns) for exclusion in table.exclusions)
    yield from (frozenset(index.columns) for index in table.indexes if index.unique)


def _note_nulls(maker: RowMaker, table: Table, other: Table | None, fillings: tuple[Filling, ...]) -> None:
    filled = {filling.column for filling in fillings if filling.table == table.name}
    never: set[str] = set(table.primary_key.columns if table.primary_key is not None else ())
    for link in maker.likeness.links:
        if link.source == table.name:
            never.update(link.source_columns)
        if link.table == table.name and not link.enforced:
            never.update(link.columns)
    for side in (table, other or table):
        never.update(name for unique in side.uniques if unique.nulls_not_distinct for name in unique.columns)
        never.update(name for each in side.indexes if "NULLS NOT DISTINCT" in each.body for name in each.columns)
    for filling in fillings:
        if filling.required:
            never.update(filling.reads if filling.table == table.name else ())
            never.update(filling.source_reads if filling.source == table.name else ())
    for key in _keys_to_nothing(maker, table, other):
        optional = [table.column(name) for name in key.columns if name not in filled]
        maker.always_null.update(
            (table.name, each.name) for each in optional if each.nullable and each.name not in never
        )
    for key in other.foreign_keys if other is not None else ():
        # All or none of the columns: where one is new, and empty in every row, so must the others be.
        empty = {name for name in key.columns if not table.has_column(name)} - filled
        if empty and "MATCH FULL" in key.definition and len(key.columns) > 1:
            old = [table.column(name) for name in key.columns if table.has_column(name)]
            maker.always_null.update((table.name, each.name) for each in old if each.nullable)
    for column in table.columns:
        if column.name in filled:
            maker.often_null.add((table.name, column.name))
            continue
        strict = other is not None and other.has_column(column.name) and not other.column(column.name).nullable
        if column.name in never or strict or (table.name, column.name) in maker.values.checked:
            maker.never_null.add((table.name, column.name))


def _keys_to_nothing(maker: RowMaker, table: Table, other: Table | None) -> Iterable[ForeignKey]:
    """Keys which columns that are there get, to a column that is not: no row can refer to its rows yet.

    Rows of a table that is new are made once it is there (``supplied``).
    """
    tables = {each.name for each in maker.schema.tables}
    there = {(each.name, column.name) for each in maker.schema.tables for column in each.columns}
    there |= maker.likeness.mirrored
    for key in other.foreign_keys if other is not None else ():
        is_there = key.references not in tables or all(
            (key.references, name) in there for name in key.referenced_columns
        )
        if not is_there and all(table.has_column(name) for name in key.columns):
            yield key


def _count(maker: RowMaker, others: Mapping[QName, Table], fillings: tuple[Filling, ...]) -> None:
    for table in maker.schema.tables:
        most = ROWS - 2 if any(filling.table == table.name for filling in fillings) else ROWS
        filled = {filling.column for filling in fillings if filling.table == table.name}
        for key in _keys_to_nothing(maker, table, others.get(table.name)):
            if not any((table.name, name) in maker.always_null or name in filled for name in key.columns):
                most = 0
        for side in (table, others.get(table.name, table)):
            for unique in _uniques(side):
                sizes = [
                    maker.values.family(table.name, column).size
                    for column in unique
                    if table.has_column(column) and table.column(column).generated is None
                ]
                if sizes and None not in sizes:
                    most = min(most, max(size for size in sizes if size is not None))
        maker.count[table.name] = most if has_room(table, maker.schema) else 0
    for _ in range(len(maker.schema.tables)):
        before = dict(maker.count)
        for table in maker.schema.tables:
            for _, one_to_one, links in maker._groups[table.name]:
                for link in links if one_to_one else ():
                    extra = 0 if link.enforced or link.unmatched is Unmatched.STOP else 2
                    room = maker.matched(link.source) + extra
                    maker.count[table.name] = min(maker.count[table.name], room)
        if maker.count == before:
            break
