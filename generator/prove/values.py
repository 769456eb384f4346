"""Which family of values each column of a schema gets."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import ident, qname
from generator.model.schema import Column, QName, Schema, SequenceOptions, Table
from generator.prove.checks import NULL, Condition, Place, candidates_from, choose, expression_of
from generator.prove.family import Family
from generator.prove.kinds import (
    SINGLE,
    UserTypes,
    base_of,
    domain_checks,
    families,
    is_text,
    narrowest_numeric,
    narrowness,
)
from generator.prove.likeness import Likeness, Node
from generator.prove.partitioned import ask_for_values, conditions_of, families_of

if TYPE_CHECKING:
    from psycopg import Connection

NUMBERS = (0, 1, 2, 3, 4, 5, 6, 7, 1000, 1001, 20007)
"""The row numbers for which a family is tried against a check: those of the rows that are made, and some far ones."""

_NEXTVAL = re.compile(r"nextval\('((?:[^']|'')+)'(?:::regclass)?\)")


@dataclass(slots=True, kw_only=True)
class Values:
    """The family of each column; ``checked`` are columns with checks; ``unsure`` tells of checks none satisfies."""

    likeness: Likeness
    chosen: dict[Node, Family] = field(default_factory=dict)
    checked: set[Node] = field(default_factory=set)
    unsure: list[str] = field(default_factory=list)

    def family(self, table: QName, column: str) -> Family:
        """The family of a column; columns that share values share it. Raises KeyError."""
        return self.chosen[self.likeness.find((table, column))]


def choose_values(
    connection: "Connection[tuple[Any, ...]]",
    own: Schema,
    other: Schema,
    likeness: Likeness,
    types: UserTypes,
    tame: frozenset[Node] = frozenset(),
    edges: bool = True,
    other_types: UserTypes | None = None,
) -> Values:
    """A family for each column of both schemas, such that the checks of ``own`` hold, and where it can be, ``other``'s.

    ``tame`` are columns whose values something computes with: they get no edge values; without ``edges`` none does.
    ``types`` are the user's own in ``own``, ``other_types`` those in ``other`` where they are not the same.
    Wants a connection in autocommit with an empty search_path.
    """
    values = Values(likeness=likeness)
    open_to: dict[Node, Sequence[Family]] = {}
    other_types = types if other_types is None else other_types
    conditions = dict(_conditions(own, other, types, other_types))
    for root, members in _members(own, other, likeness).items():
        shared = len({node for node, _, _ in members}) > 1
        wild = edges and not shared and not any(node in tame for node, _, _ in members)
        alone = [
            condition
            for table, name in {node for node, _, _ in members}
            for condition in conditions.get(table, ())
            if condition.columns == (name,)
        ]
        found = _candidates(members, likeness, lambda schema: types if schema is own else other_types, wild)
        if any(table.parents or table.partition_key for table in own.tables):
            parted = [each for (table, name), _, _ in members for each in families_of(table, name, (own, other))]
            found = (*dict.fromkeys(parted), *found)
        if alone:
            values.checked.update(node for node, _, _ in members)
            kind = base_of(members[0][1].type, types)
            found = tuple(dict.fromkeys((*found, *candidates_from(alone, kind, is_text(kind, types)))))
            if any("satisfies_hash_partition" in each.expression for each in alone):
                hashed = ask_for_values(connection, members[0][0][1], kind, alone)
                found = (*((hashed,) if hashed else ()), *found)
            # What a domain refuses would not be found to violate a check, but stop the search.
            bases = {node[1]: base_of(column.type, types) for node, column, _ in reversed(members)}
            place = Place(types=bases, families=found)
            picked = choose(connection, (place,), alone, NUMBERS)
            if picked is None:
                values.unsure.append(f"no value was found that satisfies {_said(alone)} of {root[0]}")
            else:
                found = (picked[0], *(family for family in found if family is not picked[0]))
        values.chosen[root] = found[0]
        open_to[root] = found[:1] if shared else found
    for table in own.tables:
        _decide_together(connection, values, open_to, table, conditions.get(table.name, []), types)
    return values


def _decide_together(
    connection: "Connection[tuple[Any, ...]]",
    values: Values,
    open_to: dict[Node, Sequence[Family]],
    table: Table,
    conditions: Sequence[Condition],
    types: UserTypes,
) -> None:
    """Settle the columns that one check uses together, and the checks that share columns with it."""
    groups: list[set[str]] = []
    for condition in conditions:
        columns = set(condition.columns)
        if len(columns) > 1 and all(table.has_column(column) for column in columns):
            for group in [group for group in groups if group & columns]:
                columns |= group
                groups.remove(group)
            groups.append(columns)
    for group in groups:
        names = [column for column in table.columns if column.name in group and column.generated is None]
        roots = [values.likeness.find((table.name, column.name)) for column in names]
        asked = [
            each for each in conditions if set(each.columns) <= group and set(each.columns) <= {c.name for c in names}
        ]
        values.checked.update((table.name, column.name) for column in names)
        if len(set(roots)) < len(roots) or not asked:
            continue
        places = [
            Place(
                types={column.name: base_of(column.type, types)},
                families=(*open_to[root], *((NULL,) if column.nullable and len(open_to[root]) > 1 else ())),
            )
            for column, root in zip(names, roots, strict=True)
        ]
        picked = choose(connection, places, asked, NUMBERS)
        if picked is None:
            values.unsure.append(f"no values were found that satisfy {_said(asked)} of {table.name}")
            continue
        for root, family in zip(roots, picked, strict=True):
            values.chosen[root] = family
            open_to[root] = (family,)


def _said(conditions: Sequence[Condition]) -> str:
    return " and ".join(dict.fromkeys(f"CHECK {condition.expression}" for condition in conditions))


_Member = tuple[Node, Column, Schema]


def _members(own: Schema, other: Schema, likeness: Likeness) -> dict[Node, list[_Member]]:
    members: dict[Node, list[_Member]] = {}
    for schema in (own, other):
        for table in schema.tables:
            for column in table.columns:
                node = (table.name, column.name)
                members.setdefault(likeness.find(node), []).append((node, column, schema))
    return members


def _conditions(
    own: Schema, other: Schema, types: UserTypes, other_types: UserTypes
) -> Iterator[tuple[QName, list[Condition]]]:
    names = {table.name for schema in (own, other) for table in schema.tables}
    for name in sorted(names):
        found: dict[str, Condition] = {}
        for schema in (own, other):
            for table in schema.tables:
                if table.name == name:
                    for expression, columns in _expressions(table, types if schema is own else other_types):
                        found.setdefault(
                            expression, Condition(expression=expression, columns=columns, own=schema is own)
                        )
                    for expression, columns in _of_domains(table, other_types if schema is own else {}):
                        found.setdefault(expression, Condition(expression=expression, columns=columns, own=False))
                    for condition in conditions_of(table, schema, schema is own):
                        found.setdefault(condition.expression, condition)
        yield name, list(found.values())


def _expressions(table: Table, types: UserTypes) -> Iterator[tuple[str, tuple[str, ...]]]:
    for check in table.checks:
        yield expression_of(check.definition), check.columns
    yield from _of_domains(table, types)


def _of_domains(table: Table, types: UserTypes) -> Iterator[tuple[str, tuple[str, ...]]]:
    for column in table.columns:
        for definition in domain_checks(column.type, types):
            yield re.sub(r"\bVALUE\b", ident(column.name), expression_of(definition)), (column.name,)


def _candidates(
    members: Sequence[_Member], likeness: Likeness, types_of: Callable[[Schema], UserTypes], wild: bool
) -> tuple[Family, ...]:
    for _, column, schema in members:
        sequence = _sequence_family(column, schema)
        if sequence is not None:
            return (sequence, *families(column.type, types_of(schema))[:1])
    kinds = [(column.type, node[1], types_of(schema)) for node, column, schema in members]
    kinds += [(cast, node[1], types_of(schema)) for node, _, schema in members for cast in likeness.casts.get(node, ())]
    kind, hint, types = min(kinds, key=lambda each: narrowness(each[0], each[2]))
    kind = narrowest_numeric([each for each, _, _ in kinds]) or kind
    found = families(kind, types, hint)
    if kind.endswith("[]") and any(not each.endswith("[]") for each, _, _ in kinds):
        found = tuple(each for each in found if each.name == SINGLE)  # it becomes one value
    if wild and len(found) > 1 and not found[1].plain and len({each for each, _, _ in kinds}) == 1:
        return (found[1], found[0], *found[2:])
    return tuple(family for family in found if family.plain)


def sequence_options(column: Column, schema: Schema) -> tuple[QName, SequenceOptions] | None:
    """The sequence that numbers a column, its name first: of an identity, or of a default that calls nextval."""
    if column.identity is not None:
        return column.identity.sequence, column.identity.options
    found = _NEXTVAL.search(column.default or "")
    if found is None:
        return None
    name = found[1].replace("''", "'")
    return next(
        ((each.name, each.options) for each in schema.sequences if name in (qname(each.name), str(each.name))), None
    )


def _sequence_family(column: Column, schema: Schema) -> Family | None:
    """What a sequence gives: so that the rows made are those that the server itself would number."""
    found = sequence_options(column, schema)
    if found is None:
        return None
    start, step = found[1].start, found[1].increment
    size = abs((found[1].maximum if step > 0 else found[1].minimum) - start) // abs(step) + 1
    return Family(name="sequence", text=lambda k: str(start + k * step), size=size)
