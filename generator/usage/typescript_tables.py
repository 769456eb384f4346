"""Drizzle tables in TypeScript files: variables and fields to tables and columns."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.model.schema import QName
from generator.usage.affected import Affected
from generator.usage.typescript_tokens import Entry, Kind, Token, entries

_TABLE = ("pgTable", "table", "createTable")
_FILLED = ("default", "defaultNow", "defaultRandom", "$default", "$defaultFn", "$onUpdate", "$onUpdateFn")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrizzleTable:
    """A variable that holds a table; ``fields`` are its columns by their names there. ``filled`` have a default."""

    name: str
    file: Path
    table: QName
    fields: Mapping[str, str]
    filled: frozenset[str]

    def column(self, field: str, affected: Affected) -> str | None:
        """The column behind a field: as the code says, or the one whose name it is in camel case."""
        if field in self.fields:
            return self.fields[field]
        return next((each for each in affected.tables.get(self.table, ()) if field in (each, camel(each))), None)


def camel(name: str) -> str:
    """``user_id`` as ``userId``."""
    return re.sub(r"_([a-z0-9])", lambda found: found.group(1).upper(), name)


def tables_of(path: Path, tokens: tuple[Token, ...], affected: Affected) -> Iterator[DrizzleTable]:
    """The tables that a file defines: ``export const customers = pgTable("customers", { … })``."""
    schemas = dict(_schemas(tokens))
    for at in range(len(tokens) - 4):
        name, equals = tokens[at], tokens[at + 1]
        if name.kind is not Kind.WORD or equals.text != "=":
            continue
        place, schema = at + 2, ""
        if tokens[place].value in schemas and tokens[place + 1].text == ".":
            place, schema = place + 2, schemas[tokens[place].value]
        if place + 2 >= len(tokens) or tokens[place].value not in _TABLE or tokens[place + 1].text != "(":
            continue
        table = affected.table(tokens[place + 2].value, schema) if tokens[place + 2].kind is Kind.STRING else None
        brace = next(
            (each for each in range(place + 3, min(place + 14, len(tokens))) if tokens[each].text == "{"), None
        )
        if table is None or brace is None:
            continue
        fields, filled = _fields(tokens, list(entries(tokens, brace)), affected.tables[table])
        yield DrizzleTable(name=name.value, file=path, table=table, fields=fields, filled=frozenset(filled))


def _schemas(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """``export const billing = pgSchema("billing")``."""
    for at in range(len(tokens) - 4):
        if tokens[at + 1].text == "=" and tokens[at + 2].value == "pgSchema" and tokens[at + 4].kind is Kind.STRING:
            yield tokens[at].value, tokens[at + 4].value


def _fields(tokens: Sequence[Token], found: Sequence[Entry], columns: Sequence[str]) -> tuple[dict[str, str], set[str]]:
    fields: dict[str, str] = {}
    filled: set[str] = set()
    for entry in found:
        if not entry.key:
            continue
        inside = tokens[entry.first : entry.last + 1]
        own = inside[2].value if len(inside) > 2 and inside[1].text == "(" and inside[2].kind is Kind.STRING else ""
        snake = next((each for each in columns if entry.key == camel(each)), entry.key)
        fields[entry.key] = own if own in columns else snake
        if any(token.value in _FILLED for token in inside):
            filled.add(fields[entry.key])
    return fields, filled
