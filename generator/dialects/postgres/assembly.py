"""Rows of the catalog queries made into values. Each query's fields are listed in its ``.sql`` file, in that order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from generator.dialects.postgres.create import create_index
from generator.dialects.postgres.names import qname
from generator.dialects.postgres.peculiar import (
    NOT_SPECIAL,
    TableRow,
    column_peculiarities,
    index_peculiarities,
    known_by_definition,
    placed,
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
    Inherited,
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

_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}

Rows = list[tuple[Any, ...]]


@dataclass(slots=True, kw_only=True)
class _Side:
    """What later rows need of earlier ones: names of tables by oid, names of columns by oid and number."""

    tables: dict[int, QName]
    columns: dict[int, dict[int, str]]
    others: list[Other]

    def names(self, table: int, numbers: Iterable[int] | None) -> tuple[str, ...]:
        """Column names in the order of their numbers; 0 stands for an expression or the whole row."""
        known = self.columns[table]
        return tuple(known[number] for number in numbers or () if number)


def assemble(rows: Mapping[str, Rows], other_rows: Rows, members: frozenset[int]) -> Schema:
    """The Schema of the rows of every query. ``other_rows`` are those of ``others/``, which share one form;
    ``members`` are the numbers of what belongs to extensions, and is left out."""
    columns: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for row in rows["columns"]:
        columns[row[0]][row[1]] = row[2]
    special = {row[0]: row[1:] for row in rows["special"]}
    table_rows = [TableRow(*row, *special.get(row[0], NOT_SPECIAL)) for row in rows["tables"] if row[0] not in members]
    side = _Side(
        tables={row.oid: QName(row.schema, row.name) for row in table_rows},
        columns=columns,
        others=[known_by_definition(*row) for row in other_rows],
    )
    inside: defaultdict[int, set[int]] = defaultdict(set)
    statistics = {}
    for index, number, statement in rows["inside"]:
        if statement is not None:
            statistics[index] = statement
        else:
            inside[index].add(number)
    sequences, identities = _sequences([row for row in rows["sequences"] if row[0] not in members], side)
    found_columns = _columns(rows["columns"], identities)
    inherited: defaultdict[int, list[Inherited]] = defaultdict(list)
    constraints = _constraints(rows["constraints"], side, inside, inherited)
    indexes = _indexes(rows["indexes"], side, inside, statistics, inherited)
    peculiar: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows["columns"]:
        if row[10:] != (None,) * 5:
            peculiar[row[0]].append((row[2], *row[10:]))
    tables = []
    for row in table_rows:
        name = side.tables[row.oid]
        table = _table(name, row.comment, found_columns[row.oid], constraints[row.oid], indexes[row.oid])
        table = placed(table, row, side.tables, inherited[row.oid])
        side.others += column_peculiarities(name, peculiar[row.oid])
        side.others += table_peculiarities(table, row, peculiar[row.oid])
        if row.is_plain:
            tables.append(table)
    return Schema(
        namespaces=_sorted(
            Namespace(name=name, comment=comment) for oid, name, comment in rows["namespaces"] if oid not in members
        ),
        extensions=_sorted(
            Extension(name=name, schema=schema, version=version, usual=usual, comment=comment)
            for name, schema, version, usual, comment in rows["extensions"]
        ),
        enums=_sorted(
            EnumType(name=QName(schema, name), values=tuple(values), comment=comment)
            for oid, schema, name, values, comment in rows["enums"]
            if oid not in members
        ),
        sequences=_sorted(sequences),
        tables=_sorted(tables),
        others=tuple(
            sorted(
                side.others,
                key=lambda other: (other.kind, other.name, other.table or QName("", ""), other.definition),
            )
        ),
    )


def _sorted(things: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(things, key=attrgetter("name")))


def _sequences(rows: Rows, side: _Side) -> tuple[list[Sequence], dict[tuple[int, int], Sequence]]:
    """Sequences of their own, and those behind identity columns by (table's oid, column's number)."""
    own = []
    identities = {}
    for row in rows:
        _oid, schema, name, type_, start, increment, low, high, cached, cycle, comment, tie, table, number, kept = row
        options = SequenceOptions(
            type=type_, start=start, increment=increment, minimum=low, maximum=high, cache=cached, cycle=cycle
        )
        owned_by = (side.tables[table], side.columns[table][number]) if tie == "a" and table in side.tables else None
        sequence = Sequence(name=QName(schema, name), options=options, owned_by=owned_by, comment=comment)
        if tie == "i":
            identities[table, number] = sequence
            continue
        own.append(sequence)
        if kept == "u":
            definition = f"ALTER SEQUENCE {qname(sequence.name)} SET UNLOGGED"
            side.others.append(Other(kind="unlogged sequence", name=str(sequence.name), definition=definition))
    return own, identities


def _columns(rows: Rows, identities: Mapping[tuple[int, int], Sequence]) -> defaultdict[int, list[Column]]:
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
    rows: Rows, side: _Side, inside: Mapping[int, set[int]], inherited: defaultdict[int, list[Inherited]]
) -> defaultdict[int, list[Constraint]]:
    """Constraints by the table's oid; what the index behind one has of its own goes to ``others``."""
    found: defaultdict[int, list[Constraint]] = defaultdict(list)
    for row in rows:
        oid, name, kind, definition, key, other, other_schema, other_name, other_key, on_delete, on_update = row[:11]
        index, comment, *peculiar, above = row[11:]
        if oid not in side.tables:
            continue
        table, columns = side.tables[oid], side.names(oid, key)
        if kind == "n":
            definition = f"ALTER TABLE {qname(table)} ADD {definition}"
            about = f"{table}.{columns[0]}"
            side.others.append(Other(kind="not-null constraint", name=about, definition=definition, table=table))
            continue
        if above is not None:
            inherited[oid].append(Inherited(name=name, of=above))
        side.others += index_peculiarities(table, name, *peculiar)
        bare = definition.removesuffix(" NOT VALID")
        if kind == "f":
            found[oid].append(
                ForeignKey(
                    name=name,
                    definition=bare,
                    columns=columns,
                    references=QName(other_schema, other_name),
                    referenced_columns=side.names(other, other_key),
                    on_delete=_ACTIONS[on_delete],
                    on_update=_ACTIONS[on_update],
                    validated=bare == definition,
                    comment=comment,
                )
            )
        else:
            extra = set(side.names(oid, inside.get(index))) - set(columns) if kind == "x" else set()
            found[oid].append(_constraint(kind, name, definition, (*columns, *sorted(extra)), comment))
    return found


def _constraint(
    kind: str, name: str, definition: str, columns: tuple[str, ...], comment: str | None
) -> PrimaryKey | Unique | Check | Exclusion:
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
            bare = definition.removesuffix(" NOT VALID")
            return Check(
                name=name,
                definition=bare,
                columns=tuple(sorted(columns)),
                validated=bare == definition,
                comment=comment,
            )
        case _:
            return Exclusion(name=name, definition=definition, columns=columns, comment=comment)


def _indexes(
    rows: Rows,
    side: _Side,
    inside: Mapping[int, set[int]],
    statistics: Mapping[int, str],
    inherited: defaultdict[int, list[Inherited]],
) -> defaultdict[int, list[Index]]:
    """Indexes by the table's oid; those of materialised views, and what is peculiar to one, go to ``others``."""
    found: defaultdict[int, list[Index]] = defaultdict(list)
    for row in rows:
        oid, schema, of, kind, index_oid, name, unique, body, key, valid, comment, *peculiar, parent = row
        table = QName(schema, of)
        if kind != "m" and oid not in side.tables:
            continue
        columns = tuple(dict.fromkeys(side.names(oid, key)))
        extra = set(side.names(oid, inside.get(index_oid))) - set(columns)
        index = Index(
            name=name, unique=unique, body=body, columns=(*columns, *sorted(extra)), valid=valid, comment=comment
        )
        about = str(QName(schema, name))
        more = [("index", create_index(table, index))] if kind == "m" else []
        if kind != "m":
            found[oid].append(index)
        if index_oid in statistics:
            more.append(("index statistics", statistics[index_oid]))
        if parent:
            inherited[oid].append(Inherited(name=name, of=parent))
        side.others += index_peculiarities(table, name, None, *peculiar)
        named = qname(QName(schema, name))
        side.others += [
            Other(kind=each, name=about, definition=text, table=table, sql_name=named) for each, text in more
        ]
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
