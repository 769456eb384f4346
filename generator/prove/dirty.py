"""Rows that a back-fill must not get past: it stops, says so, changes nothing, and goes on once they are mended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import ident, qname
from generator.model.answers import Unmatched
from generator.model.plan import Filling, Plan, Stage, Template
from generator.model.schema import QName, Table
from generator.prove.application import Application, key_of_table
from generator.prove.bench import Bench, said
from generator.prove.insert import Row, insert, same_row
from generator.prove.likeness import Link
from generator.prove.sync import without_rows_of
from generator.prove.trace import trace
from generator.prove.user_rows import Runner

if TYPE_CHECKING:
    from psycopg import Connection

    from generator.server import Database

DIRTY = "dirty rows stop the back-fill, which goes on once they are mended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dirt:
    """Statements that make a table dirty before the back-fill, and those that mend it.

    ``seen`` is a query that gives true where it is dirty indeed (another spelling may match or not), to be read with
    the search_path of ``filling``.
    """

    what: str
    filling: Filling
    make: tuple[str, ...]
    mend: tuple[str, ...]
    seen: str


def stop_at_dirt(bench: Bench, application: Application, fillings: Sequence[Filling]) -> None:
    """For each back-fill: a row without a match (if it is to stop there), and what matches more than once."""
    if Stage.BACKFILL not in bench.request.plan.stages or not any(filling.source for filling in fillings):
        return
    database, file = bench.clone(), bench.script(Stage.BACKFILL)
    with bench.psql() as runner, database.connect() as connection:
        dirts = [dirt for filling in fillings for dirt in dirt_of(application, filling, connection)]
        if Stage.EXPAND in bench.request.plan.stages:
            expand = bench.script(Stage.EXPAND)
            if not bench.run(runner, database, expand, DIRTY, "before there are dirty rows"):
                return
        for dirt in dirts:
            _stops(bench, runner, database, connection, dirt)
        bench.run(runner, database, file, DIRTY, "after every dirty row was mended")


def dirt_of(application: Application, filling: Filling, connection: "Connection[tuple[Any, ...]]") -> Iterator[Dirt]:
    """What may be wrong with the rows of one back-fill. ``connection`` has the old schema with rows."""
    maker = application.maker
    if filling.source is None or all(each.name != filling.source for each in maker.schema.tables):
        return  # In a table that is new there is no row yet which anything could match.
    table, source = maker.schema.table(filling.table), maker.schema.table(filling.source)
    links = [each for each in maker.links_of(table.name) if not each.enforced and each.source == filling.source]
    if not links:
        return
    link, number = links[0], application.first + 7
    if filling.backfill.unmatched is Unmatched.STOP:
        row = {**application.fresh(table, number), **_of_link(maker.fresh(table, number), link.columns)}
        yield Dirt(
            filling=filling,
            what=f"a row of {table.name} without a match in {source.name}",
            make=(*_others_first(application, filling, table, number), insert(table, [row])),
            mend=application.insertion(source, number),
            seen=f"SELECT EXISTS (SELECT FROM {_aliased(filling)} WHERE NOT EXISTS"
            f" (SELECT FROM {_aliased_source(filling)} WHERE {filling.match}))",
        )
    there = _first_match(connection, filling, link)
    if there is None:
        return
    if filling.unique:
        values = dict(zip(link.columns, there[: len(link.columns)], strict=True))
        yield from _again(
            application, filling, table, values, number + 1, f"two rows of {table.name} for one row of {source.name}"
        )
    values = dict(zip(link.source_columns, there[len(link.columns) :], strict=True))
    for spelled in (values, {name: f" {text.upper()} " for name, text in values.items() if text is not None}):
        what = f"two rows of {source.name} for one row of {table.name}"
        yield from _again(application, filling, source, spelled, number + 2, what)


def _again(
    application: Application, filling: Filling, table: Table, values: Row, number: int, what: str
) -> Iterator[Dirt]:
    """One row more with the values that another row has already."""
    other = ident(filling.source_alias if table.name == filling.table else filling.table_alias)
    key = key_of_table(table)
    if key and not set(key) & set(values):
        row = {**application.fresh(table, number), **values}
        yield Dirt(
            filling=filling,
            what=what,
            make=(*_others_first(application, filling, table, number), insert(table, [row])),
            mend=(f"DELETE FROM {qname(table.name)} WHERE {same_row(row, key)}",),
            seen=f"SELECT EXISTS (SELECT FROM {_aliased(filling)} JOIN {_aliased_source(filling)} ON {filling.match}"
            f" GROUP BY {other}.ctid HAVING count(*) > 1)",
        )


def _first_match(
    connection: "Connection[tuple[Any, ...]]", filling: Filling, link: Link
) -> tuple[str | None, ...] | None:
    """The columns of the link in a row of the table that has a match, then in the row which it matches."""
    assert filling.source is not None
    shown = [f"{ident(filling.table_alias)}.{ident(name)}::text" for name in link.columns]
    shown += [f"{ident(filling.source_alias)}.{ident(name)}::text" for name in link.source_columns]
    with connection.transaction():
        connection.execute(f"SET LOCAL search_path = {_path(filling)}")
        return connection.execute(
            f"SELECT {', '.join(shown)} FROM {_aliased(filling)} JOIN {_aliased_source(filling)} ON {filling.match}"
            " ORDER BY 1 LIMIT 1"
        ).fetchone()


def _aliased(filling: Filling) -> str:
    return f"{qname(filling.table)} AS {ident(filling.table_alias)}"


def _aliased_source(filling: Filling) -> str:
    assert filling.source is not None
    return f"{qname(filling.source)} AS {ident(filling.source_alias)}"


def _path(filling: Filling) -> str:
    return ", ".join(ident(name) for name in filling.search_path) or "''"


def _of_link(row: Row, columns: Sequence[str]) -> dict[str, str | None]:
    return {name: row[name] for name in columns}


def _others_first(application: Application, filling: Filling, table: Table, number: int) -> tuple[str, ...]:
    """What a fresh row refers to, but for the row that it shall not find."""
    assert filling.source is not None
    return without_rows_of(filling.source, application.insertion(table, number)[:-1])


def _stops(
    bench: Bench, runner: Runner, database: "Database", connection: "Connection[tuple[Any, ...]]", dirt: Dirt
) -> None:
    report, file, where = bench.report, bench.script(Stage.BACKFILL), f"with {dirt.what}"
    if _run(connection, dirt.make):
        return  # The old schema itself does not allow such rows.
    with connection.transaction():
        connection.execute(f"SET LOCAL search_path = {_path(dirt.filling)}")
        row = connection.execute(dirt.seen).fetchone()
    if row is None or not row[0]:
        _run(connection, dirt.mend)
        return
    before = trace(connection)
    failure = runner.run(database, file)
    report.count(DIRTY)
    if failure is None:
        report.find(DIRTY, where, file, "it stops", "it ran to its end")
    elif not failure.error:
        report.find(DIRTY, where, file, "it says what stops it", said(failure))
    after = trace(connection)
    for name in sorted(before.rows.keys() - _filled_before(bench.request.plan, dirt.filling)):
        if failure is not None and after.rows.get(name) != before.rows[name]:
            report.find(DIRTY, where, file, f"{name} is as it was", "its rows were changed")
    error = _run(connection, dirt.mend)
    if error:
        report.find(DIRTY, f"mending {dirt.what}", "; ".join(dirt.mend), "works", error)


def _filled_before(plan: Plan, stops: Filling) -> frozenset[QName]:
    """The tables that another back-fill of the script writes: it may come first, and what it fills stays filled."""
    others = [
        subject
        for step in plan.steps_of(Stage.BACKFILL)
        for action in step.run
        for statement in action.statements
        if isinstance(statement.sql, Template) and isinstance(subject := statement.sql.subject, Filling)
        if (subject.table, subject.column) != (stops.table, stops.column)
    ]
    made = {each.source for each in others if each.create and each.source is not None}
    return frozenset({each.table for each in others} | made)


def _run(connection: "Connection[tuple[Any, ...]]", statements: Sequence[str]) -> str:
    import psycopg

    try:
        with connection.transaction():
            for statement in statements:
                connection.execute(statement)
    except psycopg.Error as error:
        return str(error).splitlines()[0]
    return ""
