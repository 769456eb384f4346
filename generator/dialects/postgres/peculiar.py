"""What a table, column or index has beyond the model's fields, as ``Other`` values which are SQL as far as they go.

A table that is typed or foreign is an ``Other`` as a whole, so that a difference in it is refused and never planned as
if it were plain.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from generator.dialects.postgres.create import column_definition, create_foreign_key, create_table
from generator.dialects.postgres.names import ident, literal, qname
from generator.model.schema import Inherited, Other, PartitionOf, QName, Table

_STORAGE = {"p": "PLAIN", "e": "EXTERNAL", "m": "MAIN", "x": "EXTENDED"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}
_PUBLIC = re.compile(r"(?<![\w\".])public\.")
"""``Other.name`` is for people, who are shown things in ``public`` by their bare names."""

NOT_SPECIAL: tuple[Any, ...] = (None, None, None, None, [], [], None, None)
"""The fields of ``special.sql`` for a plain table."""


class TableRow(NamedTuple):
    """A row of ``tables.sql``, then one of ``special.sql``, field by field."""

    oid: int
    schema: str
    name: str
    kind: str
    comment: str | None
    persistence: str
    options: list[str] | None
    toast_options: list[str] | None
    tablespace: str | None
    access_method: str | None
    row_security: bool
    forced_row_security: bool
    replica_identity: str
    of_type: str | None
    partition_key: str | None
    bound: str | None
    holds: str | None
    parents: list[int]
    inherited_columns: list[str]
    server: str | None
    server_options: list[str] | None

    @property
    def is_plain(self) -> bool:
        """Whether the model's Table says all there is to its shape."""
        return self.kind in "rp" and self.of_type is None

    @property
    def is_read_whole(self) -> bool:
        """Whether it is a foreign table that a query of ``others/`` reads as a whole."""
        return self.kind == "f" and self.bound is None and not self.parents


def known_by_definition(kind: str, name: str, definition: str, schema: str, table: str | None) -> Other:
    """A row of ``others/``; a storage is followed by the one that the type gives."""
    sql_name = name
    if kind == "column storage":
        name, _, sql_name = name.rpartition("\n")
    return Other(
        kind=kind,
        name=_PUBLIC.sub("", name),
        definition=definition,
        table=QName(schema, table) if table is not None else None,
        sql_name=sql_name,
    )


def parameters(options: Iterable[str] | None) -> list[str]:
    """``name='value'`` for every ``name=value`` that the catalog keeps, in the order of their names."""
    split = (option.partition("=") for option in sorted(options or ()))
    return [f"{ident(name)}={literal(value)}" for name, _, value in split]


def _wrapper_options(options: Iterable[str]) -> str:
    split = (option.partition("=") for option in sorted(options))
    return ", ".join(f"{ident(name)} {literal(value)}" for name, _, value in split)


def table_peculiarities(table: Table, row: TableRow, columns: Iterable[Sequence[Any]]) -> list[Other]:
    """The properties of a table that the model has no field for; the table itself where it is not plain."""
    name = qname(table.name)
    alter = f"ALTER TABLE {name}"
    said = []
    if not row.is_plain and not row.is_read_whole:
        said.append((_kind(row), _definition(table, row, columns)))
    if row.persistence == "u":
        said.append(("unlogged table", f"{alter} SET UNLOGGED"))
    options = parameters(row.options) + [f"toast.{each}" for each in parameters(row.toast_options)]
    if options:
        said.append(("storage parameters", f"{alter} SET ({', '.join(options)})"))
    if row.tablespace is not None:
        said.append(("tablespace", f"{alter} SET TABLESPACE {ident(row.tablespace)}"))
    if row.access_method is not None:
        said.append(("table access method", f"{alter} SET ACCESS METHOD {ident(row.access_method)}"))
    if row.row_security or row.forced_row_security:
        enabled = [f"{alter} ENABLE ROW LEVEL SECURITY"] if row.row_security else []
        forced = [f"{alter} FORCE ROW LEVEL SECURITY"] if row.forced_row_security else []
        said.append(("row-level security", ";\n".join(enabled + forced)))
    if row.kind != "f" and row.replica_identity in "fn":
        identity = "FULL" if row.replica_identity == "f" else "NOTHING"
        said.append(("replica identity", f"{alter} REPLICA IDENTITY {identity}"))
    return [
        Other(kind=kind, name=str(table.name), definition=definition, table=table.name) for kind, definition in said
    ]


def _kind(row: TableRow) -> str:
    return "foreign table" if row.kind == "f" else "typed table"


def placed(table: Table, row: TableRow, names: Mapping[int, QName], inherited: Iterable[Inherited]) -> Table:
    """The table with its place among others: how it is partitioned, what it is a partition of, what it inherits."""
    parents = tuple(names[oid] for oid in row.parents if oid in names)
    place = None
    if row.bound is not None and parents:
        place = PartitionOf(parent=parents[0], bound=row.bound, holds=_named(row.holds or "true", names))
    return replace(
        table,
        partition_key=row.partition_key,
        partition_of=place,
        inherits=() if row.bound is not None else parents,
        inherited=tuple(sorted(inherited, key=lambda each: each.name)),
        inherited_columns=tuple(row.inherited_columns),
    )


def _named(condition: str, names: Mapping[int, QName]) -> str:
    """The condition of a hash partition names the table above by its number, which is another in each database."""

    def name(found: re.Match[str]) -> str:
        return f"{literal(qname(names[int(found[1])]))}::regclass" if int(found[1]) in names else found[0]

    return re.sub(r"'(\d+)'::oid", name, condition)


def _definition(table: Table, row: TableRow, columns: Iterable[Sequence[Any]]) -> str:
    name = qname(table.name)
    first, *rest = create_table(table)
    if row.kind == "f":
        wrapped = {column[0]: column[5] for column in columns if column[5]}
        for column in table.columns:
            if column.name in wrapped:
                plain = column_definition(column)
                start = f"{ident(column.name)} {column.type}"
                first = first.replace(
                    plain, f"{start} OPTIONS ({_wrapper_options(wrapped[column.name])}){plain.removeprefix(start)}", 1
                )
        first = f"{first.replace('CREATE TABLE', 'CREATE FOREIGN TABLE', 1)} SERVER {ident(row.server or '')}"
        if row.server_options:
            first += f" OPTIONS ({_wrapper_options(row.server_options)})"
    if row.of_type is not None:
        rest.insert(0, f"ALTER TABLE {name} OF {row.of_type}")
    for key in table.foreign_keys:
        rest += create_foreign_key(table.name, key)
    if row.bound is not None:
        rest.append(f"-- a partition: {row.bound}")
    return ";\n".join([first, *rest])


def column_peculiarities(table: QName, columns: Iterable[Sequence[Any]]) -> list[Other]:
    """Storage, compression, statistics target and options of columns, where they are not what the type gives."""
    said = []
    for name, storage, compression, statistics, options, _foreign in columns:
        alter = f"ALTER TABLE {qname(table)} ALTER COLUMN {ident(name)} SET"
        if storage is not None:
            own, given = storage
            said.append(("column storage", name, f"{alter} STORAGE {_STORAGE[own]}", _STORAGE[given]))
        if compression is not None:
            said.append(("column compression", name, f"{alter} COMPRESSION {_COMPRESSION[compression]}", ""))
        if statistics is not None:
            said.append(("column statistics", name, f"{alter} STATISTICS {statistics}", ""))
        if options is not None:
            said.append(("column options", name, f"{alter} ({', '.join(parameters(options))})", ""))
    return [
        Other(kind=kind, name=f"{table}.{name}", definition=definition, table=table, sql_name=given)
        for kind, name, definition, given in said
    ]


def index_peculiarities(
    table: QName,
    index: str,
    options: Iterable[str] | None,
    tablespace: str | None,
    clustered: bool | None,
    replica: bool | None,
) -> list[Other]:
    """What pg_get_indexdef and pg_get_constraintdef leave out of an index on ``table``."""
    if not options and tablespace is None and not clustered and not replica:
        return []
    name = qname(QName(table.schema, index))
    said = []
    if options:
        said.append(("index parameters", f"ALTER INDEX {name} SET ({', '.join(parameters(options))})"))
    if tablespace is not None:
        said.append(("index tablespace", f"ALTER INDEX {name} SET TABLESPACE {ident(tablespace)}"))
    if clustered:
        said.append(("clustered index", f"ALTER TABLE {qname(table)} CLUSTER ON {ident(index)}"))
    if replica:
        said.append(("replica identity", f"ALTER TABLE {qname(table)} REPLICA IDENTITY USING INDEX {ident(index)}"))
    # Of what a table has one at most, whichever index it names.
    names = {kind: str(table) for kind in ("clustered index", "replica identity")}
    about = str(QName(table.schema, index))
    return [
        Other(kind=kind, name=names.get(kind, about), definition=definition, table=table) for kind, definition in said
    ]
