"""Rows that a back-fill must not get past: it stops, says so, changes nothing, and goes on once they are mended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import qname
from generator.model.answers import Unmatched
from generator.model.plan import Filling, Stage
from generator.model.schema import Table
from generator.prove.application import Application, key_of_table
from generator.prove.bench import Bench, said
from generator.prove.insert import insert, same_row
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
    """Statements that make a table dirty before the migration, and those that mend it."""

    what: str
    make: tuple[str, ...]
    mend: tuple[str, ...]


def stop_at_dirt(bench: Bench, application: Application, fillings: Sequence[Filling]) -> None:
    """For each back-fill that is told to stop: a row without a match, and where it matters two rows with the same."""
    dirts = [dirt for filling in fillings for dirt in _dirt_of(application, filling)]
    if Stage.BACKFILL not in bench.request.plan.stages or not dirts:
        return
    database, file = bench.clone(), bench.script(Stage.BACKFILL)
    with bench.psql() as runner, database.connect() as connection:
        if Stage.EXPAND in bench.request.plan.stages:
            expand = bench.script(Stage.EXPAND)
            if not bench.run(runner, database, expand, DIRTY, "before there are dirty rows"):
                return
        for dirt in dirts:
            _stops(bench, runner, database, connection, dirt)
        bench.run(runner, database, file, DIRTY, "after every dirty row was mended")


def _dirt_of(application: Application, filling: Filling) -> Iterator[Dirt]:
    maker = application.maker
    if filling.backfill.unmatched is not Unmatched.STOP or filling.source is None or not filling.required:
        return
    table = maker.schema.table(filling.table)
    link = next(
        (each for each in maker.links_of(table.name) if not each.enforced and each.source == filling.source), None
    )
    if link is None or not application.own_rows:
        return
    number = application.first + 7
    yield from _without_match(application, filling, table, link, number)
    key = key_of_table(table)
    if filling.unique and key and not set(key) & set(link.columns) and maker.count[table.name]:
        other = application.fresh(table, number + 1)
        row = {**other, **{name: maker.seed(table, 0)[name] for name in link.columns}}
        before = _others_first(application, filling, table, number + 1)
        yield Dirt(
            what=f"two rows of {table.name} for one row of {filling.source}",
            make=(*before, insert(table, [row])),
            mend=(f"DELETE FROM {qname(table.name)} WHERE {same_row(row, key)}",),
        )


def _without_match(application: Application, filling: Filling, table: Table, link: Link, number: int) -> Iterator[Dirt]:
    maker = application.maker
    assert filling.source is not None
    row = {**application.fresh(table, number), **{name: maker.fresh(table, number)[name] for name in link.columns}}
    source = maker.schema.table(filling.source)
    yield Dirt(
        what=f"a row of {table.name} without a match in {filling.source}",
        make=(*_others_first(application, filling, table, number), insert(table, [row])),
        mend=application.insertion(source, number),
    )


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
    before = trace(connection)
    failure = runner.run(database, file)
    report.count(DIRTY)
    if failure is None:
        report.find(DIRTY, where, file, "it stops", "it ran to its end")
    elif not failure.error:
        report.find(DIRTY, where, file, "it says what stops it", said(failure))
    after = trace(connection)
    for name in sorted(before.rows):
        if failure is not None and after.rows.get(name) != before.rows[name]:
            report.find(DIRTY, where, file, f"{name} is as it was", "its rows were changed")
    error = _run(connection, dirt.mend)
    if error:
        report.find(DIRTY, f"mending {dirt.what}", "; ".join(dirt.mend), "works", error)


def _run(connection: "Connection[tuple[Any, ...]]", statements: Sequence[str]) -> str:
    import psycopg

    try:
        with connection.transaction():
            for statement in statements:
                connection.execute(statement)
    except psycopg.Error as error:
        return str(error).splitlines()[0]
    return ""
