"""Which table a name in a SQL statement means: aliases, unqualified columns, subqueries and WITH."""

from typing import TYPE_CHECKING

from generator.model.schema import QName
from generator.usage.affected import Affected, Name

if TYPE_CHECKING:
    from sqlglot import exp


class Scopes:
    """The names of one statement. What is not known (a WITH query, a table of another schema) is never guessed at."""

    def __init__(self, tree: "exp.Expr", affected: Affected) -> None:
        """Look at every table of the statement once."""
        from sqlglot import exp

        self._affected = affected
        self._queries = (exp.Select, exp.Insert, exp.Update, exp.Delete, exp.Merge)
        self._with = {each.alias for each in tree.find_all(exp.CTE)}
        self._sources: dict[int, list[tuple[str, QName | None]]] = {}
        for table in tree.find_all(exp.Table):
            owner = self._owner(table)
            if owner is not None:
                alias = table.alias or table.name
                self._sources.setdefault(id(owner), []).append((alias, self.table(table)))
        for derived in tree.find_all(exp.Subquery):
            owner = self._owner(derived)
            if derived.alias and owner is not None:
                self._sources.setdefault(id(owner), []).append((derived.alias, None))

    def table(self, table: "exp.Table") -> QName | None:
        """The table of the schema that is meant; None for what is none, or not known."""
        if not table.name or (table.name in self._with and not table.db):
            return None
        return self._affected.table(table.name, table.db)

    def column(self, column: "exp.Column") -> tuple[Name, bool] | None:
        """The column of the schema that is meant, and whether that is certain; None where it is not known."""
        from sqlglot import exp

        owner = self._owner(column)
        while owner is not None:
            sources = self._sources.get(id(owner), [])
            if isinstance(owner, exp.Insert) and column.table == "excluded":
                sources = [("excluded", table) for _, table in sources[:1]]
            found = self._among(column, sources)
            if found is not None or any(alias == column.table for alias, _ in sources):
                return found
            outer = self._owner(owner)
            # The rows that an INSERT … SELECT writes to are not in sight of the SELECT.
            owner = None if isinstance(outer, exp.Insert) else outer
        return None

    def tables_near(self, node: "exp.Expr") -> set[QName]:
        """The tables of the query that a node stands in."""
        owner = self._owner(node)
        return {table for _, table in self._sources.get(id(owner), []) if table is not None}

    def _among(self, column: "exp.Column", sources: list[tuple[str, QName | None]]) -> tuple[Name, bool] | None:
        if column.table:
            table = next((table for alias, table in sources if alias == column.table), None)
            return ((table, column.name), True) if table is not None else None
        having = [
            table for _, table in sources if table is not None and column.name in self._affected.tables.get(table, ())
        ]
        if len(having) != 1:
            return None
        return (having[0], column.name), all(table is not None for _, table in sources)

    def _owner(self, node: "exp.Expr") -> "exp.Expr | None":
        from sqlglot import exp

        at = node.parent
        inside = node
        while at is not None:
            # A CTE stands inside of a query, and does not see its tables.
            if isinstance(at, self._queries) and not isinstance(inside, exp.With):
                return at
            inside, at = at, at.parent
        return None
