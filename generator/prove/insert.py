"""Rows as INSERT statements, in an order in which their foreign keys find what they refer to."""

from collections.abc import Iterable, Mapping, Sequence

from generator.dialects.postgres.names import columns as column_list
from generator.dialects.postgres.names import ident, literal, qname
from generator.model.schema import QName, Table
from generator.prove.likeness import Link

Row = Mapping[str, str | None]


def insert(table: Table, rows: Sequence[Row]) -> str:
    """One INSERT of rows that all give the same columns; identity columns take the values given too."""
    names = tuple(rows[0])
    if not names:
        return f"INSERT INTO {qname(table.name)} DEFAULT VALUES"
    identity = any(column.identity is not None and column.name in names for column in table.columns)
    values = ", ".join("(" + ", ".join(value(row[name]) for name in names) + ")" for row in rows)
    overriding = " OVERRIDING SYSTEM VALUE" if identity else ""
    return f"INSERT INTO {qname(table.name)} ({column_list(names)}){overriding} VALUES {values}"


def value(text: str | None) -> str:
    """A value as SQL; its type is that of the place where it is written."""
    return "NULL" if text is None else literal(text)


def same_row(row: Row, key: Iterable[str]) -> str:
    """The condition that finds a row by the columns of ``key``."""
    return " AND ".join(
        f"{ident(name)} IS NULL" if row[name] is None else f"{ident(name)} = {value(row[name])}" for name in key
    )


def in_order(tables: Iterable[Table], links: Iterable[Link]) -> tuple[tuple[Table, ...], tuple[Link, ...]]:
    """The tables, what is referred to first, and the links that lead back in a circle and so have to wait."""
    by_name = {table.name: table for table in tables}
    wanted: dict[QName, list[Link]] = {}
    for link in links:
        if link.enforced and link.source != link.table and link.source in by_name:
            wanted.setdefault(link.table, []).append(link)
    placed: dict[QName, bool] = {}
    ordered: list[Table] = []
    waiting: list[Link] = []

    def place(name: QName) -> None:
        placed[name] = False
        # Those that cannot be NULL first, so that a circle is opened where it can be.
        for link in sorted(wanted.get(name, ()), key=lambda link: _optional(by_name[name], link)):
            if link.source not in placed:
                place(link.source)
            elif not placed[link.source]:
                waiting.append(link)
        placed[name] = True
        ordered.append(by_name[name])

    for name in by_name:
        if name not in placed:
            place(name)
    return tuple(ordered), tuple(waiting)


def _optional(table: Table, link: Link) -> bool:
    return all(table.has_column(name) and table.column(name).nullable for name in link.columns)
