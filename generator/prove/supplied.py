"""Rows of tables that are new and that rows which exist have to refer to: somebody makes them after expand.

No stage does: what they hold nobody but the user knows. In the proof they are made as soon as their tables are there.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import qname
from generator.model.schema import QName
from generator.prove.insert import in_order, insert
from generator.prove.partitioned import takes_rows
from generator.prove.report import Report
from generator.prove.request import ProofRequest
from generator.prove.rows import RowMaker

if TYPE_CHECKING:
    from psycopg import Connection

Supplies = tuple[tuple[QName, str], ...]
"""Tables, those that are referred to first, each with the INSERT of its rows."""


def supplies_of(request: ProofRequest, maker: RowMaker, sources: Collection[QName | None]) -> Supplies:
    """The new tables that columns which were there before get a foreign key to, and those that these refer to.

    ``sources`` are tables in which a back-fill finds its rows, or makes them.
    """
    before = {request.renamed.get(table.name, table.name): table for table in request.old.tables}
    named = {table.name: table for table in request.new.tables}
    waiting = [
        key.references
        for table in request.new.tables
        for key in table.foreign_keys
        if table.name in before and all(before[table.name].has_column(name) for name in key.columns)
    ]
    wanted: dict[QName, None] = {}
    while waiting:
        name = waiting.pop()
        if name not in (*before, *wanted, *sources) and takes_rows(named[name]):
            wanted[name] = None
            waiting += [key.references for key in named[name].foreign_keys]
    tables, _ = in_order((named[name] for name in sorted(wanted)), maker.likeness.links)
    made = ((each, [maker.seed(each, number) for number in range(maker.count[each.name])]) for each in tables)
    return tuple((each.name, insert(each, rows)) for each, rows in made if rows)


def that_fit(
    supplies: Supplies,
    connect_new: "Callable[[], AbstractContextManager[Connection[tuple[Any, ...]]]]",
    report: Report,
) -> Supplies:
    """Those that the new schema takes; what is made for the proof, and what not, is said."""
    import psycopg

    if not supplies:
        return ()
    names = ", ".join(str(name) for name, _ in supplies)
    try:
        with connect_new() as connection, connection.transaction(force_rollback=True):
            connection.execute("; ".join(sql for _, sql in supplies).encode())
    except psycopg.Error as error:
        report.note(f"no rows could be made for {names}: {str(error).splitlines()[0]}")
        return ()
    report.note(f"rows were made in {names} after expand, as somebody has to: no stage does, and validate needs them")
    return supplies


def supply(connection: "Connection[tuple[Any, ...]]", supplies: Supplies) -> None:
    """Make the rows where the tables are there and empty."""
    with connection.transaction():
        for name, sql in supplies:
            row = connection.execute(f"SELECT EXISTS (SELECT FROM {qname(name)})".encode()).fetchone()
            if row == (False,):
                connection.execute(sql.encode())
