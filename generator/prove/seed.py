"""Rows for every table of the old schema: they satisfy its constraints and exercise the change."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import ident, literal, qname
from generator.model.answers import Unmatched
from generator.model.plan import Filling
from generator.model.schema import QName, Schema, Table
from generator.prove.insert import Row, in_order, insert, is_optional, same_row, value
from generator.prove.likeness import Link
from generator.prove.partitioned import takes_rows
from generator.prove.rows import RowMaker
from generator.prove.values import sequence_options

if TYPE_CHECKING:
    from psycopg import Connection


def seed(
    connection: "Connection[tuple[Any, ...]]", maker: RowMaker, plainer: RowMaker, fillings: Sequence[Filling]
) -> tuple[str, ...]:
    """Fill the database behind ``connection`` (autocommit, all tables empty), and say what could not be made.

    Where the server does not take a table's rows, those of ``plainer`` are tried, then each row on its own.
    """
    import psycopg

    written = tuple(table for table in maker.schema.tables if takes_rows(table))
    tables, waiting = in_order(written, maker.likeness.links)
    statements = ["SET CONSTRAINTS ALL DEFERRED"]
    for table in tables:
        statements += _insert_all(table, maker, waiting)
    statements += _updates(maker, waiting)
    statements += _sequences(maker.schema, maker.count)
    notes = list(maker.values.unsure)
    try:
        with connection.transaction():
            connection.execute("; ".join(statements))
    except psycopg.Error:
        notes += _seed_one_by_one(connection, maker, plainer, tables, waiting)
    for filling in fillings:
        notes += _drop_offenders(connection, filling)
    notes += _let_go(connection, maker, fillings)
    return tuple(dict.fromkeys(notes))


def _insert_all(table: Table, maker: RowMaker, waiting: Sequence[Link]) -> list[str]:
    rows = [_row(maker, table, number, waiting) for number in range(maker.count[table.name])]
    if rows and not rows[0]:
        return [insert(table, rows[:1])] * len(rows)
    return [insert(table, rows)] if rows else []


def _insert_cluster(tables: Sequence[Table], maker: RowMaker, waiting: Sequence[Link]) -> list[str]:
    return ["SET CONSTRAINTS ALL DEFERRED", *(each for table in tables for each in _insert_all(table, maker, waiting))]


def _clusters(tables: Sequence[Table], waiting: Sequence[Link]) -> Iterator[list[Table]]:
    """Tables that refer to each other in a circle which only a commit closes, together; every other one alone."""
    left = list(tables)
    while left:
        cluster = [left.pop(0)]
        for link in waiting:
            if {link.table, link.source} & {table.name for table in cluster}:
                more = [table for table in left if table.name in (link.table, link.source)]
                cluster += more
                left = [table for table in left if table not in more]
        yield cluster


def _row(maker: RowMaker, table: Table, number: int, waiting: Sequence[Link]) -> Row:
    row = maker.seed(table, number)
    for link in waiting:
        if link.table == table.name and is_optional(table, link):
            row.update(dict.fromkeys(link.columns))
    return row


def _updates(maker: RowMaker, waiting: Sequence[Link]) -> list[str]:
    statements = []
    for link in waiting:
        table = maker.schema.table(link.table)
        key = _key(table)
        if not key or not is_optional(table, link):
            continue
        for number in range(maker.count[table.name]):
            row = maker.seed(table, number)
            given = ", ".join(f"{ident(name)} = {value(row[name])}" for name in link.columns)
            statements.append(f"UPDATE {qname(table.name)} SET {given} WHERE {same_row(row, key)}")
    return statements


def _key(table: Table) -> tuple[str, ...]:
    if table.primary_key is not None:
        return table.primary_key.columns
    return next((unique.columns for unique in table.uniques), ())


def _sequences(schema: Schema, rows: Mapping[QName, int]) -> list[str]:
    """Sequences go on behind the rows made: an application that lets the server number its rows meets none of them."""
    statements = []
    for table in schema.tables:
        for column in table.columns:
            options = sequence_options(column, schema)
            if options is not None and rows[table.name]:
                last = options[1].start + (rows[table.name] - 1) * options[1].increment
                statements.append(f"SELECT setval({literal(qname(options[0]))}, {last})")
    return statements


def _seed_one_by_one(
    connection: "Connection[tuple[Any, ...]]",
    maker: RowMaker,
    plainer: RowMaker,
    tables: Sequence[Table],
    waiting: Sequence[Link],
) -> list[str]:
    import psycopg

    rows: dict[QName, int] = {}
    notes: list[str] = []

    def works(statements: Sequence[str]) -> str:
        try:
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement)
        except psycopg.Error as error:
            return str(error).splitlines()[0]
        return ""

    rows.update(maker.count)
    for cluster in _clusters(tables, waiting):
        if any(not works(_insert_cluster(cluster, each, waiting)) for each in (maker, plainer)):
            continue
        for table in cluster:
            rows[table.name] = 0
    for table in tables:
        wanted = maker.count[table.name]
        if rows[table.name]:
            continue
        made, because = 0, ""
        for number in range(wanted):
            row = _row(plainer, table, number, waiting)
            optional = {
                name: None
                for link in maker.links_of(table.name)
                for name in link.columns
                if table.column(name).nullable
            }
            because_now = works([insert(table, [row])])
            if because_now and optional:
                because_now = works([insert(table, [{**row, **optional}])])
            made += not because_now
            because = because or because_now
        rows[table.name] = made
        if made < wanted:
            notes.append(f"{'only ' + str(made) if made else 'no'} rows could be made for {table.name}: {because}")
    for statement in _updates(maker, waiting):
        works([statement])
    for statement in _sequences(maker.schema, rows):
        works([statement])
    return notes


def _drop_offenders(connection: "Connection[tuple[Any, ...]]", filling: Filling) -> list[str]:
    """Take away rows without a match that would stop a back-fill: those are another part of the proof."""
    import psycopg

    if filling.source is None or filling.match is None or filling.backfill.unmatched is not Unmatched.STOP:
        return []
    path = ", ".join(ident(name) for name in filling.search_path) or "''"
    table, alias = qname(filling.table), ident(filling.table_alias)
    try:
        with connection.transaction():
            connection.execute(f"SET LOCAL search_path = {path}")
            gone = connection.execute(
                f"DELETE FROM {table} AS {alias} WHERE NOT EXISTS "
                f"(SELECT FROM {qname(filling.source)} AS {ident(filling.source_alias)} WHERE {filling.match})"
            ).rowcount
    except psycopg.Error as error:
        return [f"the rows of {filling.table} could not be matched to {filling.source}: {str(error).splitlines()[0]}"]
    if not gone:
        return []
    return [f"{gone} rows made for {filling.table} matched no row of {filling.source}, and were left out"]


def _let_go(connection: "Connection[tuple[Any, ...]]", maker: RowMaker, fillings: Sequence[Filling]) -> list[str]:
    """Rows refer to nothing where a foreign key is to lead to a column that is filled: nobody knows its values yet."""
    import psycopg

    filled = {(each.table, each.column) for each in fillings if each.sync}
    notes = []
    for table in maker.schema.tables:
        for link in maker.links_of(table.name):
            if not link.enforced or not filled & {(link.source, name) for name in link.source_columns}:
                continue
            given = [f"{ident(name)} = NULL" for name in link.columns if table.column(name).nullable]
            tried = [f"UPDATE {qname(table.name)} SET {', '.join(given)}"] if given else []
            for statement in (*tried, f"TRUNCATE {qname(table.name)} CASCADE"):
                try:
                    connection.execute(statement)
                except psycopg.Error:
                    continue
                filled_columns = ", ".join(link.source_columns)
                notes.append(f"no row of {table.name} refers to {link.source}, whose {filled_columns} is filled")
                break
    return notes
