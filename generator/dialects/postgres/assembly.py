"""Rows of the catalog queries made into values. Each query's fields are listed in its ``.sql`` file, in that order."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

from generator.dialects.postgres.create import create_index
from generator.dialects.postgres.names import ident, qname
from generator.dialects.postgres.peculiar import (
    TableRow,
    column_peculiarities,
    index_peculiarities,
    table_peculiarities,
)
from generator.model.schema import (
    Check,
    Column,
    Constraint,
    EnumType,
    Exclusion,
    Extension,
    ForeignKey,
    Generated,
    Identity,
    Index,
    Namespace,
    Other,
    PrimaryKey,
    QName,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    Unique,
)

Row = tuple[Any, ...]

_PUBLIC = re.compile(r"(?<![\w\".])public\.")
"""``Other.name`` is for people, who are shown things in ``public`` by their bare names."""

_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


def assemble(rows: Mapping[str, list[Row]], other_rows: Iterable[Row]) -> Schema:
    """The Schema of the rows of every query; ``other_rows`` are those of ``others/``, which share one form."""
    others = [
        Other(
            kind=kind,
            name=_PUBLIC.sub("", name),
            definition=definition,
            table=QName(schema, table) if table is not None else None,
        )
        for kind, name, definition, schema, table in other_rows
    ]
    names = {row[0]: QName(row[1], row[2]) for row in rows["tables"]}
    sequences, identities = _sequences(rows["sequences"], names, others)
    columns = _columns(rows["columns"], identities)
    constraints = _constraints(rows["constraints"], names, others)
    indexes = _indexes(rows["indexes"], names, others)
    peculiar_columns = defaultdict(list)
    for row in rows["columns"]:
        if any(field is not None for field in row[10:]):
            peculiar_columns[row[0]].append((row[2], *row[10:]))
    tables = []
    for fields in rows["tables"]:
        row = TableRow(*fields)
        table = _table(names[row.oid], row.comment, columns[row.oid], constraints[row.oid], indexes[row.oid])
        others += column_peculiarities(table.name, peculiar_columns[row.oid])
        others += table_peculiarities(table, row, peculiar_columns[row.oid])
        if row.is_plain:
            tables.append(table)
    return Schema(
        namespaces=_sorted(Namespace(name=name, comment=comment) for name, comment in rows["namespaces"]),
        extensions=_sorted(
            Extension(name=name, schema=schema, version=version, comment=comment)
            for name, schema, version, comment in rows["extensions"]
        ),
        enums=_sorted(
            EnumType(name=QName(schema, name), values=tuple(values), comment=comment)
            for schema, name, values, comment in rows["enums"]
        ),
        sequences=_sorted(sequences),
        tables=_sorted(tables),
        others=tuple(
            sorted(others, key=lambda other: (other.kind, other.name, other.table or QName("", ""), other.definition))
        ),
    )


def _sorted(things: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(things, key=attrgetter("name")))


def _sequences(
    rows: Iterable[Row], names: Mapping[int, QName], others: list[Other]
) -> tuple[list[Sequence], dict[tuple[int, int], Sequence]]:
    """Sequences of their own, and those behind identity columns by (table's oid, column's number)."""
    own = []
    identities = {}
    for row in rows:
        schema, name, type_, start, increment, low, high, cached, cycle, comment, tie, table, number, column, kept = row
        options = SequenceOptions(
            type=type_, start=start, increment=increment, minimum=low, maximum=high, cache=cached, cycle=cycle
        )
        owned_by = (names[table], column) if tie == "a" and table in names else None
        sequence = Sequence(name=QName(schema, name), options=options, owned_by=owned_by, comment=comment)
        if tie == "i":
            identities[table, number] = sequence
            continue
        own.append(sequence)
        if kept == "u":
            definition = f"ALTER SEQUENCE {qname(sequence.name)} SET UNLOGGED"
            others.append(Other(kind="unlogged sequence", name=str(sequence.name), definition=definition))
    return own, identities


def _columns(rows: Iterable[Row], identities: Mapping[tuple[int, int], Sequence]) -> defaultdict[int, list[Column]]:
    """Columns by the table's oid."""
    found: defaultdict[int, list[Column]] = defaultdict(list)
    for row in rows:
        table, number, name, type_, nullable, default, identity, generated, collation, comment = row[:10]
        sequence = identities.get((table, number)) if identity else None
        found[table].append(
            Column(
                name=name,
                type=type_,
                nullable=nullable,
                default=None if generated else default,
                identity=Identity(always=identity == "a", options=sequence.options, sequence=sequence.name)
                if sequence
                else None,
                generated=Generated(expression=default, stored=generated == "s") if generated else None,
                collation=collation,
                comment=comment,
            )
        )
    return found


def _constraints(
    rows: Iterable[Row], names: Mapping[int, QName], others: list[Other]
) -> defaultdict[int, list[Constraint]]:
    """Constraints by the table's oid; what the index behind one has of its own goes to ``others``."""
    found: defaultdict[int, list[Constraint]] = defaultdict(list)
    for row in rows:
        oid, name, kind, definition, _valid, columns, *referenced, used, comment, options, space, clustered, replica = (
            row
        )
        if oid not in names:
            continue
        table = names[oid]
        if kind == "n":
            definition = f"ALTER TABLE {qname(table)} ADD {definition}"
            others.append(
                Other(kind="not-null constraint", name=f"{table}.{columns[0]}", definition=definition, table=table)
            )
            continue
        others += index_peculiarities(table, name, options or (), space, clustered, replica)
        found[oid].append(_constraint(kind, name, definition, tuple(columns), referenced, used, comment))
    return found


def _constraint(
    kind: str, name: str, definition: str, columns: tuple[str, ...], referenced: Row, used: Any, comment: str | None
) -> Constraint:
    bare = definition.removesuffix(" NOT VALID")
    validated = bare == definition
    match kind:
        case "p":
            return PrimaryKey(name=name, definition=definition, columns=columns, comment=comment)
        case "u":
            return Unique(
                name=name,
                definition=definition,
                columns=columns,
                nulls_not_distinct=definition.startswith("UNIQUE NULLS NOT DISTINCT"),
                comment=comment,
            )
        case "c":
            return Check(
                name=name, definition=bare, columns=tuple(sorted(columns)), validated=validated, comment=comment
            )
        case "x":
            inside = tuple(column for column in used if column not in columns)
            return Exclusion(name=name, definition=definition, columns=columns + inside, comment=comment)
        case _:
            schema, table, referenced_columns, on_delete, on_update = referenced
            return ForeignKey(
                name=name,
                definition=bare,
                columns=columns,
                references=QName(schema, table),
                referenced_columns=tuple(referenced_columns),
                on_delete=_ACTIONS[on_delete],
                on_update=_ACTIONS[on_update],
                validated=validated,
                comment=comment,
            )


def _indexes(rows: Iterable[Row], names: Mapping[int, QName], others: list[Other]) -> defaultdict[int, list[Index]]:
    """Indexes by the table's oid; those of materialised views, and what is peculiar to one, go to ``others``."""
    found: defaultdict[int, list[Index]] = defaultdict(list)
    for row in rows:
        oid, schema, of, kind, name, unique, body, columns, inside, valid, comment, *peculiar, statistics, parent = row
        table = QName(schema, of)
        if kind != "m" and oid not in names:
            continue
        extra = tuple(sorted(column for column in inside or () if column not in columns))
        index = Index(name=name, unique=unique, body=body, columns=(*columns, *extra), valid=valid, comment=comment)
        if kind == "m":
            definition = create_index(table, index)
            others.append(Other(kind="index", name=str(QName(schema, name)), definition=definition, table=table))
        else:
            found[oid].append(index)
        others += index_peculiarities(table, name, (), *peculiar)
        if statistics:
            others.append(
                Other(kind="index statistics", name=str(QName(schema, name)), definition=statistics, table=table)
            )
        if parent:
            definition = f"ALTER INDEX {parent} ATTACH PARTITION {ident(schema)}.{ident(name)}"
            others.append(
                Other(kind="index partition", name=str(QName(schema, name)), definition=definition, table=table)
            )
    return found


def _table(
    name: QName, comment: str | None, columns: list[Column], constraints: list[Constraint], indexes: list[Index]
) -> Table:
    return Table(
        name=name,
        columns=tuple(columns),
        primary_key=next((one for one in constraints if isinstance(one, PrimaryKey)), None),
        uniques=_sorted(one for one in constraints if isinstance(one, Unique)),
        foreign_keys=_sorted(one for one in constraints if isinstance(one, ForeignKey)),
        checks=_sorted(one for one in constraints if isinstance(one, Check)),
        exclusions=_sorted(one for one in constraints if isinstance(one, Exclusion)),
        indexes=_sorted(indexes),
        comment=comment,
    )
