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
    """The tables, what is referred to first, and the links that lead back in a circle and so have to wait.

    A circle is opened where a column can be NULL, or a constraint can wait for the commit.
    """
    left = {table.name: table for table in tables}
    wanted: dict[QName, list[Link]] = {name: [] for name in left}
    for link in links:
        if link.enforced and link.source != link.table and link.table in left and link.source in left:
            wanted[link.table].append(link)
    ordered: list[Table] = []
    waiting: list[Link] = []
    while left:
        ready = [name for name in left if not any(link.source in left for link in wanted[name])]
        if not ready:
            ready = [
                name
                for name in left
                if all(
                    link.source not in left or link.can_wait or is_optional(left[name], link) for link in wanted[name]
                )
            ]
        for name in ready or list(left)[:1]:
            waiting += [link for link in wanted[name] if link.source in left and link.source != name]
            ordered.append(left.pop(name))
            if any(link in waiting for link in wanted[name]):
                break  # Others may now find what they refer to.
    return tuple(ordered), tuple(waiting)


def is_optional(table: Table, link: Link) -> bool:
    """Whether a row may do without what the link leads to."""
    return all(table.has_column(name) and table.column(name).nullable for name in link.columns)
