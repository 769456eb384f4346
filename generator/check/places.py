"""Where in a source something is declared: file and line, for annotations and for what is set aside in place."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from generator.dialects.postgres.declared_text import is_script
from generator.dialects.postgres.split import split
from generator.model.check import Place
from generator.model.declared import Declared, Unit
from generator.model.schema import Schema

_CREATES = r"\b(?:table|view|type|domain|index|sequence|function|on)\b"
_IF = r"(?:\s+concurrently)?(?:\s+if\s+(?:not\s+)?exists)?(?:\s+only)?\s+"
_MOST_LINES = 400
"""How far below a model's first line one of its columns is looked for."""


class Places:
    """Looks things up in the sources of both sides, the new one first: what changes is written there."""

    def __init__(self, *sides: Declared, schema: Schema | None = None) -> None:
        """Files are read when they are asked for. ``schema`` tells the columns of constraints and indexes."""
        self._sides = sides
        self._columns = dict(_columns(schema)) if schema is not None else {}

    def of(self, key: str) -> Place:
        """Where ``table``, ``table.column``, ``schema.table.column`` or a constraint's name stands.

        Without a file where that is not known: a live database, or a name that no source has.
        """
        words = [word.strip('"') for word in re.findall(r'"(?:[^"]|"")*"|[^.\s]+', key)]
        words = [word for word in words if word]
        if not words:
            return Place(object=key)
        for side in self._sides:
            for names in _readings(words):
                found = next(_search(side, *names), None)
                if found is not None:
                    return Place(file=found[0], line=found[1], end_line=found[1], object=key)
        column = self._columns.get((words[-2], words[-1])) if len(words) > 1 else None
        if column is not None:
            # A constraint without a name of its own stands where its column does.
            return replace(self.of(".".join((*words[:-1], column))), object=key)
        # A table that has the thing no more still says where it was.
        return self.of(".".join(words[:-1])) if len(words) > 1 else Place(object=key)


def _columns(schema: Schema) -> Iterator[tuple[tuple[str, str], str]]:
    for table in schema.tables:
        for each in (*table.constraints, *table.indexes):
            if each.columns and not table.has_column(each.name):
                yield (table.name.name, each.name), each.columns[0]


def _readings(words: list[str]) -> Iterator[tuple[str, str]]:
    """``a.b`` is a column of a table, or a table in a schema."""
    if len(words) >= 2:
        yield words[-2], words[-1]
    if len(words) <= 2:
        yield words[-1], ""


def _search(side: Declared, table: str, column: str) -> Iterator[tuple[str, int]]:
    for unit in side.units:
        file, _, line = unit.origin.rpartition(":")
        if not file or not line.isdigit() or not Path(file).is_file():
            continue
        if is_script(unit):
            yield from ((file, each) for each in _in_script(unit.sql, table, column))
        elif unit.name.replace('"', "").split(" ", 1)[-1].split(".")[-1] == table:
            yield from ((file, each) for each in _in_model(side, unit, Path(file), int(line), column))


def _in_script(sql: str, table: str, column: str) -> Iterator[int]:
    named = re.compile(_CREATES + _IF + rf'(?:"?\w+"?\.)?"?{re.escape(table)}"?(?!\w)', re.IGNORECASE)
    inside = re.compile(rf'(?<![\w."])"?{re.escape(column)}"?(?!\w)')
    for piece in split(sql):
        said = named.search(piece.sql)
        if said is None:
            continue
        if not column:
            yield piece.line + piece.sql.count("\n", 0, said.start())
            return
        place = inside.search(piece.sql, said.end())
        if place is not None:
            yield piece.line + piece.sql.count("\n", 0, place.start())
            return


def _in_model(side: Declared, unit: Unit, file: Path, line: int, column: str) -> Iterator[int]:
    if not column:
        yield line
        return
    others = [each.origin.rpartition(":") for each in side.units if each is not unit]
    ends = [int(at) for name, _, at in others if name == str(file) and at.isdigit() and int(at) > line]
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    last = min([*ends, line + _MOST_LINES, len(lines) + 1])
    word = re.compile(rf"(?<!\w){re.escape(column)}(?!\w)")
    for number in range(line, last):
        if word.search(lines[number - 1]):
            yield number
            return
