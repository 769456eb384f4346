"""Rows of partitioned tables: they are written to the uppermost table, with values that some partition takes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import ident
from generator.model.schema import QName, Schema, Table
from generator.prove.checks import Condition
from generator.prove.family import Family, cycle

if TYPE_CHECKING:
    from psycopg import Connection

_MOST = 60
"""How many values of one partition are thought of."""


def takes_rows(table: Table) -> bool:
    """Whether an application writes to it: not to a single partition, but to the table above."""
    return table.partition_of is None


def has_room(table: Table, schema: Schema) -> bool:
    """Whether a row can be written to it at all: a partitioned table without a partition takes none."""
    if table.partition_of is not None:
        return False
    return table.partition_key is None or any(each.partition_key is None for each in schema.below(table.name))


def conditions_of(table: Table, schema: Schema, own: bool) -> Iterator[Condition]:
    """What a row has to satisfy so that there is a partition for it."""
    if table.partition_of is not None:
        if table.partition_of.holds:
            yield _condition(table, table.partition_of.holds, own)
        return
    if table.partition_key is None:
        return
    leaves = [each for each in schema.below(table.name) if each.partition_key is None and each.partition_of]
    for part in schema.below(table.name):
        for check in part.checks:
            if part.inherited_from(check.name) is None:
                yield _condition(table, check.definition.removeprefix("CHECK ").removesuffix(" NO INHERIT"), own)
    holds = [each.partition_of.holds for each in leaves if each.partition_of]
    if holds and all(holds):
        yield _condition(table, " OR ".join(f"({each})" for each in dict.fromkeys(holds)), own)


def _condition(table: Table, expression: str, own: bool) -> Condition:
    said = frozenset(re.findall(r'"(?:[^"]|"")+"|[\w$]+', expression))
    names = [column.name for column in table.columns]
    used = tuple(name for name in names if name in said or f'"{name.replace(chr(34), chr(34) * 2)}"' in said)
    return Condition(expression=expression, columns=used, own=own)


def families_of(table: QName, column: str, schemas: Sequence[Schema]) -> tuple[Family, ...]:
    """Values for a column by which a table is partitioned: some for each partition, in turn; none for other columns.

    Those that both schemas have a partition for come first, then those of the first schema.
    """
    sides = [list(_groups(table, column, schema)) for schema in schemas]
    found = []
    if len(sides) > 1 and sides[0] and sides[1]:
        others = {value for group in sides[1] for value in group}
        both = [[value for value in group if value in others] for group in sides[0]]
        found.append(_in_turn([group for group in both if group]))
    found += [_in_turn(side) for side in sides]
    return tuple(each for each in found if each is not None)


def ask_for_values(
    connection: "Connection[tuple[Any, ...]]", column: str, type_: str, conditions: Sequence[Condition]
) -> Family | None:
    """Values that a hash partition takes: only the server knows which; those that satisfy most, if not all."""
    import psycopg

    for some in (conditions, [each for each in conditions if each.own]):
        holds = " AND ".join(f"({each.expression}) IS NOT FALSE" for each in some) or "true"
        query = (
            f"SELECT said FROM (SELECT number::text::{type_} AS {ident(column)}, number::text AS said, number"
            f" FROM generate_series(1, 400) AS number) AS tried WHERE {holds} ORDER BY number LIMIT {_MOST}"
        )
        try:
            values = [row[0] for row in connection.execute(query.encode())]
        except psycopg.Error:
            continue
        if values:
            return _in_turn([values])
    return None


def _in_turn(groups: Sequence[Sequence[str]]) -> Family | None:
    values: dict[str, None] = {}
    for place in range(max((len(group) for group in groups), default=0)):
        for group in groups:
            if place < len(group):
                values[group[place]] = None
    if not values:
        return None
    # A row that the application adds (from number 1000 on) shall be none of the first ones, where that can be.
    sizes = (size for size in range(len(values), 9, -1) if min(1000 % size, 1001 % size, 1002 % size) >= 8)
    return cycle("partitions", tuple(values)[: next(sizes, len(values))])


def _groups(table: QName, column: str, schema: Schema) -> Iterator[list[str]]:
    """For each partition, at every level, values of the column that it takes."""
    tables = {each.name: each for each in schema.tables}
    highest: list[str] = []
    default = False
    for part in schema.below(table) if table in tables else ():
        place = part.partition_of
        above = tables.get(place.parent) if place else None
        if place is None or above is None or above.partition_key is None:
            continue
        kind, _, listed = above.partition_key.partition(" (")
        keys = [each.strip().split(" ")[0].strip('"') for each in listed.removesuffix(")").split(",")]
        if column not in keys:
            continue
        if place.is_default:
            default = True
        elif kind == "LIST":
            found = [each for each in _constants(place.bound.removeprefix("FOR VALUES IN ")) if each is not None]
            yield found
            highest += found
        elif kind == "RANGE":
            low, _, high = place.bound.removeprefix("FOR VALUES FROM ").partition(" TO ")
            position = keys.index(column)
            found = list(
                _between(_constants(low)[position], _constants(high)[position], last=position == len(keys) - 1)
            )
            yield found
            highest += found
    if default and highest and all(re.fullmatch(r"-?\d+", each) for each in highest):
        # Far away, so that it is the default's before and after.
        top = (max(map(int, highest)) // 1000 + 1) * 1000 + 500
        yield [str(top + number) for number in range(_MOST)]
    elif default and highest and not any(re.match(r"\d", each) for each in highest):
        yield [f"other {number}" for number in range(_MOST)]


def _constants(listed: str) -> list[str | None]:
    """The constants of ``(0, 'a', MINVALUE)``; None where there is no end, or NULL."""
    found: list[str | None] = []
    for text in re.findall(r"'(?:[^']|'')*'|[^(),\s]+", listed):
        if text in ("MINVALUE", "MAXVALUE", "NULL"):
            found.append(None)
        else:
            found.append(text[1:-1].replace("''", "'") if text.startswith("'") else text)
    return found


def _between(low: str | None, high: str | None, *, last: bool) -> Iterable[str]:
    """Values from ``low`` on, and before ``high``; where a later column decides, ``low`` itself."""
    known = low if low is not None else high
    if known is None:
        return [str(number) for number in range(_MOST)]
    if not last and low is not None:
        return [low]
    if re.fullmatch(r"-?\d+", known):
        start = int(low) if low is not None else int(str(high)) - _MOST
        end = int(high) if high is not None and re.fullmatch(r"-?\d+", high) else start + _MOST
        step = max(1, (end - start) // _MOST)
        # From both ends to the middle, so that there are rows on both sides of a border that moves.
        found = [str(each) for each in range(start, end, step)][:_MOST]
        turns = [each for pair in zip(found, reversed(found), strict=True) for each in pair]
        return list(dict.fromkeys(turns))
    if re.match(r"\d{4}-\d\d-\d\d", known):
        return list(_moments(low, high))
    return [low] if low is not None else []


def _moments(low: str | None, high: str | None) -> Iterator[str]:
    def read(text: str) -> datetime:
        return datetime.fromisoformat(text.split("+")[0].strip())

    known = low if low is not None else high
    assert known is not None
    start = read(known) if low is not None else read(known) - timedelta(days=_MOST)
    end = read(high) if high is not None else start + timedelta(days=_MOST)
    zone = "+00" if "+" in known else ""
    for day in range(_MOST):
        moment = start + timedelta(days=day)
        if moment >= end:
            return
        yield f"{moment:%Y-%m-%d}" if len(known) == 10 else f"{moment:%Y-%m-%d %H:%M:%S}{zone}"
