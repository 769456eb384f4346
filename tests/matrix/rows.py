"""The scripts on a scenario's own rows: they end in the new schema with every value kept, or stop and go back."""

import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.names import ident, qname
from generator.diff import compare
from generator.diff.composites import attributes_of
from generator.model.answers import Answers, key_of
from generator.model.schema import QName, Schema, Table
from generator.server import Database, Server
from tests.matrix.cases import Case

Connection = psycopg.Connection[tuple[Any, ...]]
Values = dict[QName, Counter[tuple[Any, ...]]]
"""The rows of each table, as texts."""
Asked = tuple[str, str]
"""What kind of question, and its key."""


def run_on_rows(
    case: Case, files: Mapping[str, str], asked: tuple[Asked, ...], answers: Answers, server: Server, folder: Path
) -> tuple[str, str]:
    """(what is wrong, where it stopped): both empty where the scripts ran through and everything is there."""
    database = server.create_database()
    goal = server.create_database()
    try:
        with database.connect() as connection, goal.connect() as other:
            connection.execute((case.old + case.rows).encode())
            if case.new:
                other.execute(case.new.encode())
            old, new = read_schema(connection), read_schema(other)
            grown = _grown(old, new)
            before = _values(connection, old, grown)
            for position, name in enumerate(stage_files(files)):
                error = run_script(server, database, name, files[name], folder)
                if error:
                    if "cleanup" in name:
                        return f"{name}: {error}", ""
                    undo = list(reversed(stage_files(files)[: position + 1]))
                    wrong = _go_back(undo, files, server, database, folder)
                    if not wrong and read_schema(connection) != old:
                        wrong = f"after {error}: the way back does not end in the old schema"
                    if not wrong and _values(connection, old, grown) != before:
                        wrong = f"after {error}: rows are not as they were"
                    return wrong, f"{name}: {error}"
            left = compare(read_schema(connection), new, Answers())
            if left.changes or left.refusals or left.questions:
                return f"the scripts ran, and there is still to do: {left}", ""
            asked += tuple(("loses", key) for key in answers.loses)
            asked += tuple(("loses", key) for key in answers.loses)
            return _lost(connection, _mapped(before, old, answers), old, new, asked, grown), ""
    finally:
        server.drop_database(database)
        server.drop_database(goal)


def stage_files(files: Mapping[str, str]) -> list[str]:
    """The scripts of the stages, in their order."""
    return sorted(name for name in files if re.fullmatch(r"\d\d_[a-z]+\.sql", name))


def run_script(server: Server, database: Database, name: str, text: str, folder: Path) -> str:
    """Run one script as the README says; the first line of its error, or nothing where it succeeded."""
    assert server.psql is not None
    path = folder / name
    path.write_text(text)
    argv = [str(server.psql), "-X", "-v", "ON_ERROR_STOP=1", "-f", str(path), "-d", database.conninfo]
    done = subprocess.run(argv, capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    errors = [line for line in done.stderr.splitlines() if "ERROR:" in line]
    return errors[0].split("ERROR:", 1)[1].strip() if errors else done.stderr[-300:]


def _go_back(names: list[str], files: Mapping[str, str], server: Server, database: Database, folder: Path) -> str:
    for name in names:
        back = name.replace(".sql", ".rollback.sql")
        if back in files:
            error = run_script(server, database, back, files[back], folder)
            if error:
                return f"{back}: {error}"
    return ""


def _lost(
    connection: Connection, before: Values, old: Schema, new: Schema, asked: tuple[Asked, ...], grown: frozenset[str]
) -> str:
    """Which values are gone or different though nobody was asked; empty where all are there."""
    names = {table.name for table in new.tables}
    keys = {key for _, key in asked}
    for table in old.tables:
        if table.name not in names:
            if not any(key == key_of(table.name) or key.startswith(f"{key_of(table.name)}.") for key in keys):
                return f"the rows of {table.name} are gone, and nobody was asked"
            continue
        after = {column.name: column for column in new.table(table.name).columns}
        kept = [
            position
            for position, column in enumerate(table.columns)
            if key_of(table.name, column.name) not in keys
            and not column.generated
            and not (column.name in after and after[column.name].generated)
        ]
        for position in kept:
            if table.columns[position].name not in after:
                return f"{table.name}.{table.columns[position].name} is gone, and nobody was asked"
        now = _rows(connection, table, [table.columns[position].name for position in kept], grown)
        then = Counter(tuple(row[position] for position in kept) for row in before[table.name].elements())
        if now != then:
            gone, come = (list(each.elements())[:3] for each in (then - now, now - then))
            return f"rows of {table.name} changed without a word: {gone} became {come}"
    return ""


def _mapped(before: Values, old: Schema, answers: Answers) -> Values:
    """The rows with the values of enums that the answers say they become."""
    found = dict(before)
    composites = [each.sql_name for each in old.others if each.kind == "composite type"]
    for table in old.tables:
        maps = [
            # A composite type may be made of any enum.
            {value: after for key, each in answers.enums.items()
             if column.type.removesuffix("[]") in (*_called(key), *composites)
             for value, after in each.map.items()}
            for column in table.columns
        ]  # fmt: skip
        found[table.name] = Counter(
            tuple(_exchanged(value, names) for value, names in zip(row, maps, strict=True))
            for row in before[table.name].elements()
        )
    return found


def _called(key: str) -> tuple[str, ...]:
    return key, f"public.{key}"


def _exchanged(value: Any, names: Mapping[str, str]) -> Any:
    if not names or value is None:
        return value
    return re.sub(r"[^{}(),\"]+", lambda found: names.get(found.group(), found.group()), value)


def _grown(old: Schema, new: Schema) -> frozenset[str]:
    """The composite types that have attributes more than they had."""
    after = {each.sql_name: attributes_of(each) for each in new.others if each.kind == "composite type"}
    return frozenset(
        each.sql_name
        for each in old.others
        if each.kind == "composite type" and len(after.get(each.sql_name, ())) > len(attributes_of(each))
    )


def _values(connection: Connection, schema: Schema, grown: frozenset[str]) -> Values:
    return {
        table.name: _rows(connection, table, [column.name for column in table.columns], grown)
        for table in schema.tables
    }


def _rows(connection: Connection, table: Table, columns: list[str], grown: frozenset[str]) -> Counter[tuple[Any, ...]]:
    """The rows as texts, each value read as the type that ``table`` gives its column, where it can be.

    Of types in ``grown`` only the attributes that are not NULL are looked at.
    """
    types = {column.name: column.type for column in table.columns}
    shrunk = {name for name in columns if types[name].removesuffix("[]") in grown}
    same = {name: f"jsonb_strip_nulls(to_jsonb({ident(name)}))::text" for name in shrunk}
    plain = [same.get(name, f"{ident(name)}::text") for name in columns]
    cast = [same.get(name, f"({ident(name)}::{types[name]})::text") for name in columns]
    for form in (cast, plain):
        try:
            with connection.transaction():
                query = f"SELECT {', '.join(form) or 'NULL'} FROM {qname(table.name)}"
                return Counter(connection.execute(query.encode()).fetchall())
        except psycopg.DataError:
            continue
    raise AssertionError("a value always has a text")
