"""What the server says hangs on a column: views, policies, triggers and the like, and what hangs on these in turn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.model.facts import Dependent
from generator.model.schema import QName

if TYPE_CHECKING:
    from psycopg import Connection

_FOLDER = Path(__file__).parent / "catalog"

Node = tuple[str, int]
"""An object: its catalog (``view`` for a view, materialised or not) and its oid."""


@cache
def _query(name: str) -> bytes:
    return (_FOLDER / f"{name}.sql").read_bytes()


def read_dependents(
    connection: Connection[Any], columns: Iterable[tuple[QName, str]]
) -> Mapping[tuple[QName, str], tuple[Dependent, ...]]:
    """For each column that something hangs on: what, each after all that it hangs on itself.

    Indexes, constraints, defaults and sequences of the tables themselves are left out, but for generated columns.
    """
    wanted = list(columns)
    if not wanted:
        return {}
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL search_path = ''")
        numbers = {
            (QName(schema, table), name): (oid, number)
            for schema, table, name, oid, number in connection.execute(
                "SELECT n.nspname, c.relname, a.attname, c.oid::bigint, a.attnum FROM pg_attribute a"
                " JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                " JOIN unnest(%s::text[], %s::text[], %s::text[]) AS w (s, t, a)"
                " ON (n.nspname, c.relname, a.attname) = (w.s, w.t, w.a) WHERE NOT a.attisdropped",
                [[table.schema for table, _ in wanted], [table.name for table, _ in wanted], [a for _, a in wanted]],
            )
        }
        graph = _Graph(connection.execute(_query("dependents")).fetchall())
        found = {column: graph.hanging(*numbers[column]) for column in wanted if column in numbers}
        names = _names(connection, {node for nodes in found.values() for node in nodes})
    return {
        column: told
        for column, nodes in found.items()
        if (
            told := tuple(
                replace(names[node], direct=graph.is_direct(node, *numbers[column]))
                for node in graph.in_order(nodes)
                if node in names
            )
        )
    }


class _Graph:
    """Who hangs on whom."""

    def __init__(self, rows: Iterable[tuple[str, int, str, int, int]]) -> None:
        self._users: defaultdict[Node, set[tuple[Node, int]]] = defaultdict(set)
        self._uses: defaultdict[Node, set[Node]] = defaultdict(set)
        self._depths: dict[Node, int] = {}
        for catalog, oid, other_catalog, other_oid, number in rows:
            if (catalog, oid) != (other_catalog, other_oid):
                self._users[other_catalog, other_oid].add(((catalog, oid), number))
                self._uses[catalog, oid].add((other_catalog, other_oid))

    def hanging(self, table: int, column: int) -> set[Node]:
        """What hangs on the column, and on that; the types that a view brings along are part of it."""
        found: set[Node] = set()
        waiting = [node for node, number in self._users["pg_class", table] if number == column]
        # Of the table itself only what is not read with it.
        waiting = [node for node in waiting if node[0] not in ("pg_class", "pg_constraint")]
        while waiting:
            node = waiting.pop()
            if node in found:
                continue
            found.add(node)
            if node[0] in ("view", "pg_type"):
                waiting += [user for user, _ in self._users[node]]
        return found

    def is_direct(self, node: Node, table: int, column: int) -> bool:
        """Whether it hangs on the column itself."""
        return (node, column) in self._users["pg_class", table]

    def in_order(self, nodes: Iterable[Node]) -> list[Node]:
        """Each after all that it hangs on."""
        return sorted(nodes, key=lambda node: (self._depth(node), node))

    def _depth(self, node: Node) -> int:
        """How many objects there are under this one, one upon the other."""
        if node not in self._depths:
            self._depths[node] = 0  # what hangs on itself in a circle ends here
            self._depths[node] = 1 + max((self._depth(each) for each in self._uses[node]), default=0)
        return self._depths[node]


def _names(connection: Connection[Any], nodes: Iterable[Node]) -> dict[Node, Dependent]:
    """The nodes that a person knows: not the types and rows that come along with a view."""
    listed = sorted(node for node in nodes if node[0] != "pg_type")
    rows = connection.execute(
        _query("dependent_names"), [[catalog for catalog, _ in listed], [oid for _, oid in listed]]
    )
    found = {}
    for catalog, oid, kind, name, described in rows:
        if catalog == "pg_attrdef" and kind is None:
            continue  # the default of a view's column, or of the column itself
        found[catalog, oid] = Dependent(kind=kind or "", name=name or described, described=described)
    return found
