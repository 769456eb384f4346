"""Everything that is needed to make rows for a plan, for its old schema and for its new one."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import ident
from generator.model.plan import Filling, Mirror
from generator.model.schema import QName, Schema, Table
from generator.prove.forms import made_types, with_required_domains
from generator.prove.kinds import UserTypes, read_types, with_narrower_attributes
from generator.prove.likeness import Node, find_likeness
from generator.prove.renamed import called, fillings_called, mirrors_called
from generator.prove.rows import RowMaker, make_row_maker
from generator.prove.values import choose_values

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMakers:
    """``old`` makes rows of the old shape, ``plainer`` the same without the edges of the types, ``new`` of the new."""

    old: RowMaker
    plainer: RowMaker
    new: RowMaker


def prepare_rows(
    connection: "Connection[tuple[Any, ...]]",
    old: Schema,
    new: Schema,
    fillings: Sequence[Filling],
    mirrors: Sequence[Mirror],
    connect_new: "Callable[[], AbstractContextManager[Connection[tuple[Any, ...]]]] | None" = None,
    renamed: Mapping[QName, QName] = MappingProxyType({}),
    labels: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> RowMakers:
    """Settle what each column will hold. ``connection`` is in autocommit, its search_path is left empty.

    ``renamed`` are tables by their old name; ``fillings`` and ``mirrors`` speak of the new one. ``connect_new``
    connects to a database with the new schema, which is asked where it has types or checks of its own.
    ``labels`` are the values of enums that rows of the old shape may have, where not all may.
    """
    connection.execute("SET search_path = ''")
    types: UserTypes = read_types(connection)
    for name, carried in labels.items():
        kept = tuple(each for each in types[name].parts if each in carried)
        types = {**types, name: replace(types[name], parts=kept)}
    # Everything once by the old names, for rows of the old shape, and once by the new ones.
    formerly = {after: before for before, after in renamed.items()}
    old, new = with_required_domains(old), with_required_domains(new)
    later, earlier = called(new, formerly), called(old, renamed)
    once, again = fillings_called(fillings, formerly), mirrors_called(mirrors, formerly)
    likeness = find_likeness((old, later), once, again)
    tame = frozenset(_computed_with((old, later), once, again))
    likeness_ahead = find_likeness((earlier, new), fillings, mirrors)
    tame_ahead = frozenset(_computed_with((earlier, new), fillings, mirrors))
    with ExitStack() as stack:
        other = connection
        if connect_new is not None and not _knows(old) >= _knows(new):
            other = stack.enter_context(connect_new())
            other.execute("SET search_path = ''")
        ahead_types = types if other is connection else read_types(other)
        types, ahead_types = (
            with_narrower_attributes(types, ahead_types),
            with_narrower_attributes(ahead_types, types),
        )
        values = choose_values(connection, old, later, likeness, types, tame, other_types=ahead_types)
        plain = choose_values(connection, old, later, likeness, types, tame, edges=False, other_types=ahead_types)
        ahead = choose_values(
            other, new, earlier, likeness_ahead, ahead_types, tame_ahead, edges=False, other_types=types
        )
    return RowMakers(
        old=make_row_maker(old, later, values, likeness, once),
        plainer=make_row_maker(old, later, plain, likeness, once),
        new=make_row_maker(new, earlier, ahead, likeness_ahead, fillings),
    )


def _knows(schema: Schema) -> frozenset[str]:
    """The types that columns have, what they are, and the checks."""
    types = {column.type for table in schema.tables for column in table.columns}
    checks = {check.definition for table in schema.tables for check in table.checks}
    return frozenset(types | checks | {str(each) for each in made_types(schema)})


def _computed_with(schemas: Iterable[Schema], fillings: Iterable[Filling], mirrors: Iterable[Mirror]) -> Iterable[Node]:
    """Columns that an expression uses, so that the edges of their types could break it."""
    for filling in fillings:
        for column in (filling.column, *filling.reads):
            yield (filling.table, column)
        if filling.source is not None:
            yield from ((filling.source, column) for column in filling.source_reads)
    for mirror in mirrors:
        yield from ((mirror.table, column) for column in (mirror.old_column, mirror.new_column))
    for schema in schemas:
        views = [each for each in schema.others if each.kind in ("view", "materialized view")]
        stored = any(each.kind == "materialized view" for each in views)
        words = {word for each in views for word in re.findall(r"\w+", each.definition)} if stored else set()
        for table in schema.tables:
            yield from ((table.name, column) for column in _used_in_expressions(table))
            yield from ((table.name, column.name) for column in table.columns if column.name in words)


def _used_in_expressions(table: Table) -> Iterable[str]:
    expressions = [column.generated.expression for column in table.columns if column.generated is not None]
    for column in table.columns:
        if any(ident(column.name) in expression for expression in expressions):
            yield column.name
    for index in table.indexes:
        if "((" in index.body or "(" in index.body.split("(", 1)[1]:
            yield from index.columns
    for exclusion in table.exclusions:
        yield from exclusion.columns
