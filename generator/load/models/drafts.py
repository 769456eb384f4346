"""Units in the making."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import MetaData, Table
from sqlalchemy.dialects.postgresql.base import PGDialect

from generator.load.models.trouble import Trouble


@dataclass(slots=True, kw_only=True)
class Draft:
    """A unit in the making.

    ``kind`` is one of schema, type, sequence, table, and first or last for what a listener sends before or after all
    tables. ``statements`` pairs each statement with whether the order among its neighbours means nothing;
    ``before_18`` has those that read otherwise for an older server. ``metadata`` is the one whose creation sent it.
    """

    name: str
    kind: str
    metadata: MetaData | None = None
    schema: str | None = None
    table: Table | None = None
    origin: str = ""
    statements: list[tuple[bool, str]] = field(default_factory=list)
    before_18: dict[str, str] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    late_needs: list[str] = field(default_factory=list)

    def add(self, statement: str, *, sorted_run: bool = False) -> None:
        """Add a statement. SQLAlchemy keeps indexes in a set: they are sorted, so that two processes agree."""
        position = len(self.statements)
        while sorted_run and position and self.statements[position - 1] > (True, statement):
            position -= 1
        self.statements.insert(position, (sorted_run, statement))

    @property
    def sql(self) -> str:
        """The statements, each with its semicolon."""
        return "".join(f"{statement};\n" for _, statement in self.statements)

    @property
    def late_sql(self) -> str:
        """The foreign keys for which all tables must be there; sorted, because SQLAlchemy keeps these in a set too."""
        return "".join(f"{statement};\n" for statement in sorted(self.late))

    def unit(self) -> dict[str, Any]:
        """The fields of the Unit, as they are sent to the program."""
        sql = self.sql
        before_18 = sql
        for statement, older in self.before_18.items():
            before_18 = before_18.replace(statement, older)
        return {
            "name": self.name,
            "sql": sql,
            "needs": list(dict.fromkeys(self.needs)),
            "late": self.late_sql,
            "late_needs": list(dict.fromkeys(self.late_needs)),
            "origin": self.origin,
            "before_18": before_18 if before_18 != sql else "",
        }


def table_name(table: Any) -> str:
    """The name of a table's unit."""
    return f"table {table.key}"


def without_repetitions(drafts: list[Draft]) -> list[Draft]:
    """Every name once: what several MetaData objects declare alike is made once. Raises Trouble if it differs."""
    known: dict[str, Draft] = {}
    for draft in drafts:
        first = known.setdefault(draft.name, draft)
        if first is not draft and (first.sql, first.late_sql) != (draft.sql, draft.late_sql):
            places = " and ".join(filter(None, (first.origin, draft.origin)))
            raise Trouble(
                f"{draft.name} is declared twice, and differently{f' ({places})' if places else ''}.",
                "Name the one that counts as module:attribute.",
            )
    return list(known.values())


def schemas_of(drafts: list[Draft]) -> list[Draft]:
    """A unit for every schema that something is in, unless a listener makes it."""
    made = " ".join(draft.sql for draft in drafts if draft.kind == "first").lower().replace('"', "").split()
    quote = PGDialect().identifier_preparer.quote  # type: ignore[no-untyped-call]
    return [
        Draft(
            name=f"schema {schema}", kind="schema", statements=[(False, f"CREATE SCHEMA IF NOT EXISTS {quote(schema)}")]
        )
        for schema in dict.fromkeys(draft.schema for draft in drafts)
        if schema and schema != "public" and not _is_made(schema.lower(), made)
    ]


def _is_made(schema: str, words: list[str]) -> bool:
    return any(
        words[index : index + 2] == ["create", "schema"]
        and schema in [word.rstrip(";") for word in words[index + 2 : index + 6]]
        for index in range(len(words))
    )
