"""What a row of a version 9 snapshot is known by, and which rows speak of which others: as in drizzle-kit's ddl.ts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

_IN_SCHEMA = ("schema", "name")
_IN_TABLE = ("schema", "table", "name")

KEYS: Mapping[str, tuple[str, ...]] = {
    "schemas": ("name",),
    "tables": _IN_SCHEMA,
    "enums": _IN_SCHEMA,
    "columns": _IN_TABLE,
    "indexes": _IN_SCHEMA,
    "fks": _IN_TABLE,
    "pks": _IN_TABLE,
    "uniques": _IN_TABLE,
    "checks": _IN_TABLE,
    "sequences": _IN_SCHEMA,
    "roles": ("name",),
    "privileges": ("schema", "table", "grantor", "grantee", "type"),
    "policies": _IN_TABLE,
    "views": _IN_SCHEMA,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """Rows that speak of others: ``fields`` pairs a field of the other with the one of ours that holds it; ``names`` is
    a list of ours whose elements are the other's name, or hold it as ``pick`` unless they are expressions."""

    to: str
    fields: tuple[tuple[str, str], ...] = ()
    names: str = ""
    pick: str = ""

    def relocate(self, row: Row, old: Row, new: Row) -> bool:
        """Follow the other to its new name; whether the row spoke of it."""
        if self.to == "enums" and row.get("typeSchema") in (None, "", "pg_catalog"):
            return False
        if any(row.get(ours) != old[field] for field, ours in self.fields):
            return False
        if self.names:
            changed = [self._renamed(each, old["name"], new["name"]) for each in row.get(self.names) or ()]
            if changed == row.get(self.names):
                return False
            row[self.names] = changed
        row.update({ours: new[field] for field, ours in self.fields})
        return True

    def _renamed(self, element: Any, old: str, new: str) -> Any:
        if not self.pick:
            return new if element == old else element
        if element.get("isExpression") or element.get(self.pick) != old:
            return element
        return {**element, self.pick: new}


_SCHEMA = Edge(to="schemas", fields=(("name", "schema"),))
_TABLE = Edge(to="tables", fields=(("schema", "schema"), ("name", "table")))
_OF_COLUMNS = (("schema", "schema"), ("table", "table"))
_COLUMNS = Edge(to="columns", fields=_OF_COLUMNS, names="columns")

EDGES: Mapping[str, tuple[Edge, ...]] = {
    "tables": (_SCHEMA,),
    "enums": (_SCHEMA,),
    "sequences": (_SCHEMA,),
    "views": (_SCHEMA,),
    "checks": (_TABLE,),
    "policies": (_TABLE, Edge(to="roles", names="roles")),
    "privileges": (
        _TABLE,
        Edge(to="roles", fields=(("name", "grantee"),)),
        Edge(to="roles", fields=(("name", "grantor"),)),
    ),
    "columns": (_TABLE, Edge(to="enums", fields=(("schema", "typeSchema"), ("name", "type")))),
    "indexes": (_TABLE, Edge(to="columns", fields=_OF_COLUMNS, names="columns", pick="value")),
    "pks": (_TABLE, _COLUMNS),
    "uniques": (_TABLE, _COLUMNS),
    "fks": (
        _TABLE,
        _COLUMNS,
        Edge(to="tables", fields=(("schema", "schemaTo"), ("name", "tableTo"))),
        Edge(to="columns", fields=(("schema", "schemaTo"), ("table", "tableTo")), names="columnsTo"),
    ),
}
