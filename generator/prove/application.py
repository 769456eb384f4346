"""What an application does with a schema: reads, inserts, updates and deletes, by the shape of each table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import columns as column_list
from generator.dialects.postgres.names import ident, qname
from generator.model.plan import Filling
from generator.model.schema import Column, QName, Table
from generator.prove.attempts import Attempt
from generator.prove.insert import Row, insert, same_row, value
from generator.prove.likeness import Link
from generator.prove.partitioned import has_room, takes_rows
from generator.prove.rows import RowMaker

if TYPE_CHECKING:
    from psycopg import Connection

FRESH = 1000
"""The number of the first row that an application adds: beyond those that are there."""

FRESH_BESIDE_OTHERS = 20_000
"""The same where the rows are the user's own, so that nobody knows which values they hold."""


@dataclass(slots=True, kw_only=True)
class Application:
    """One version of the application. ``keys`` holds for each table a row that is there, by its key.

    ``own_rows`` says that the rows were made by ``maker``, so that row 0 of each table can be referred to.
    """

    maker: RowMaker
    keys: Mapping[QName, Row]
    own_rows: bool = True
    fillings: tuple[Filling, ...] = ()
    first: int = FRESH
    _names: set[QName] = field(default_factory=set)

    def attempts(self) -> Iterator[Attempt]:
        """Everything it does."""
        for table in self.maker.schema.tables:
            if not takes_rows(table):
                continue  # it speaks of the table above, and a partition may come only at contract
            yield from self._reads(table)
            if not has_room(table, self.maker.schema):
                continue
            yield from self._inserts(table)
            yield from self._updates(table)
            yield from self._deletes(table)

    def insertion(self, table: Table, number: int, names: frozenset[str] | None = None) -> tuple[str, ...]:
        """The INSERTs of a fresh row: first of the rows that it refers to, then of itself, with the columns named."""
        done: set[tuple[QName, int]] = set()
        statements: list[str] = []
        self._insert(table, number, names, done, statements)
        return tuple(statements)

    def fresh(self, table: Table, number: int) -> Row:
        """A fresh row as ``insertion`` writes it."""
        return self._row(table, number, set())

    def is_fresh(self, link: Link) -> bool:
        """Whether a fresh row of the link's table comes with a fresh row of the other one."""
        source_rows = self.maker.matched(link.source) if self.own_rows else 0
        siblings = [each for each in self.maker.links_of(link.table) if each.source == link.source]
        return source_rows < 2 or any(self.maker.is_one_to_one(each) for each in siblings)

    def _insert(
        self,
        table: Table,
        number: int,
        names: frozenset[str] | None,
        done: set[tuple[QName, int]],
        statements: list[str],
    ) -> None:
        done.add((table.name, number))
        for link in self._links(table):
            used = names is None or set(link.columns) <= names
            if used and self.is_fresh(link) and (link.source, number) not in done:
                self._insert(self.maker.schema.table(link.source), number, None, done, statements)
        row = self._row(table, number, {name for name, other in done if other == number} - {table.name})
        given = {name: text for name, text in row.items() if names is None or name in names}
        statements.append(insert(table, [given]))

    def _row(self, table: Table, number: int, _made: set[QName]) -> dict[str, str | None]:
        row = self.maker.fresh(table, number)
        for link in self._links(table):
            if not self.is_fresh(link):
                row.update(self._reference(link, 0))
        return row

    def _reference(self, link: Link, number: int) -> dict[str, str | None]:
        """The columns of a link so that they refer to row ``number`` of the other table, but for generated ones."""
        source, table = self.maker.schema.table(link.source), self.maker.schema.table(link.table)
        there = self.maker.seed(source, number)
        return {
            column: there[name] if name in there else self.maker.values.family(link.source, name).value(number)
            for column, name in zip(link.columns, link.source_columns, strict=True)
            if table.column(column).generated is None
        }

    def _links(self, table: Table) -> tuple[Link, ...]:
        if not self._names:
            self._names.update(each.name for each in self.maker.schema.tables)
        return tuple(link for link in self.maker.links_of(table.name) if link.source in self._names)

    def _reads(self, table: Table) -> Iterator[Attempt]:
        names = tuple(column.name for column in table.columns)
        query = f"SELECT {column_list(names)} FROM {qname(table.name)}"
        yield Attempt(what=f"reads {table.name}", statements=(query,))
        where = self._where(table)
        if where is not None:
            yield Attempt(what=f"locks a row of {table.name}", statements=(f"{query}{where} FOR UPDATE",))

    def _inserts(self, table: Table) -> Iterator[Attempt]:
        number = self.first
        yield Attempt(what=f"inserts into {table.name}, every column", statements=self.insertion(table, number))
        required = self.required(table)
        yield Attempt(
            what=f"inserts into {table.name}, no column that can be left out",
            statements=self.insertion(table, number, required),
        )
        for unique in table.uniques + ((table.primary_key,) if table.primary_key is not None else ()):
            *before, last = self.insertion(table, number)
            yield Attempt(
                what=f"inserts into {table.name} ON CONFLICT ({', '.join(unique.columns)})",
                statements=(*before, f"{last} ON CONFLICT ({column_list(unique.columns)}) DO NOTHING"),
            )

    def required(self, table: Table) -> frozenset[str]:
        """The columns that an INSERT has to give, and those by which a back-fill finds the row's match."""
        names = {column.name for column in table.columns if _is_required(column)}
        for filling in self.fillings:
            if filling.table == table.name:
                names.update(name for name in filling.reads if table.has_column(name))
        return frozenset(names & {column.name for column in table.columns if column.generated is None})

    def _updates(self, table: Table) -> Iterator[Attempt]:
        before: tuple[str, ...] = ()
        where = self._where(table)
        number = self.first + 1
        if where is None:
            before = self.insertion(table, self.first)
            where = _by_key(table, self.fresh(table, self.first))
        settled: set[str] = set()
        for column in table.columns:
            if column.generated is not None or column.name in settled:
                continue
            statements, given = self.change(table, column, number)
            settled.update(given)
            changes = ", ".join(f"{ident(name)} = {value(text)}" for name, text in given.items())
            yield Attempt(
                what=f"updates {', '.join(given)} of {table.name}",
                statements=(*before, *statements, f"UPDATE {qname(table.name)} SET {changes}{where}"),
            )
            if column.nullable and not self._is_matched(table, column.name):
                yield Attempt(
                    what=f"sets {column.name} of {table.name} to NULL",
                    statements=(*before, f"UPDATE {qname(table.name)} SET {ident(column.name)} = NULL{where}"),
                )

    def change(self, table: Table, column: Column, number: int) -> tuple[tuple[str, ...], dict[str, str | None]]:
        """New values for a column and those that refer to other rows together with it, and what must be there first."""
        given: dict[str, str | None] = {column.name: self.maker.fresh(table, number)[column.name]}
        before: tuple[str, ...] = ()
        for link in self._links(table):
            if column.name not in link.columns:
                continue
            if self.is_fresh(link):
                fresh = self.maker.fresh(table, number)
                given.update({name: fresh[name] for name in link.columns if name in fresh})
                if link.source != table.name:
                    before += self.insertion(self.maker.schema.table(link.source), number)
            else:
                given.update(self._reference(link, 1))
        return before, given

    def _is_matched(self, table: Table, name: str) -> bool:
        return any(filling.table == table.name and name in filling.reads for filling in self.fillings)

    def _deletes(self, table: Table) -> Iterator[Attempt]:
        where = self._where(table)
        if where is not None:
            yield Attempt(what=f"deletes from {table.name}", statements=(f"DELETE FROM {qname(table.name)}{where}",))
        fresh = self.insertion(table, self.first)
        by_key = _by_key(table, self.fresh(table, self.first))
        yield Attempt(
            what=f"inserts into {table.name} and deletes it again",
            statements=(*fresh, f"DELETE FROM {qname(table.name)}{by_key}"),
        )

    def _where(self, table: Table) -> str | None:
        """The condition that finds the row that is there, where one is known."""
        row = self.keys.get(table.name)
        if row is None or not all(table.has_column(name) for name in row):
            return None
        return f" WHERE {same_row(row, row)}" if row else ""


def _is_required(column: Column) -> bool:
    return not column.nullable and column.default is None and column.identity is None and column.generated is None


def _by_key(table: Table, row: Row) -> str:
    key = key_of_table(table)
    return f" WHERE {same_row(row, key)}" if key else ""


def key_of_table(table: Table) -> tuple[str, ...]:
    """The columns that tell a table's rows apart; empty where nothing does."""
    if table.primary_key is not None:
        return table.primary_key.columns
    for unique in table.uniques:
        if not any(table.column(name).nullable for name in unique.columns):
            return unique.columns
    return ()


def first_keys(connection: "Connection[tuple[Any, ...]]", tables: tuple[Table, ...]) -> dict[QName, Row]:
    """For each table with rows the key of one of them: no columns where it has no key; no entry where it has no row."""
    if not tables:
        return {}
    parts = []
    for position, table in enumerate(tables):
        key = key_of_table(table)
        given = ", ".join(f"{ident(name)}::text" for name in key)
        order = f" ORDER BY {column_list(key)}" if key else ""
        parts.append(f"(SELECT {position}, ARRAY[{given}]::text[] FROM {qname(table.name)}{order} LIMIT 1)")
    found: dict[QName, Row] = {}
    for position, texts in connection.execute(" UNION ALL ".join(parts)):
        table = tables[position]
        found[table.name] = dict(zip(key_of_table(table), texts, strict=True))
    return found
