"""Renames, read from a server: what PostgreSQL takes along by itself is no change of its own."""

from dataclasses import replace

import pytest

from generator.diff import apply, compare
from generator.model.answers import Answers
from generator.model.schema import Schema
from tests.dialects.postgres.conftest import Read

TABLE = "CREATE TABLE {t} ({c} serial PRIMARY KEY, a int); CREATE INDEX ON {t} (a);"
HANGING = (
    "CREATE VIEW v AS SELECT {t}.a FROM {t}; GRANT SELECT ON {t} TO PUBLIC; ALTER TABLE {t} SET (fillfactor = 50);"
    "CREATE TABLE child (t int REFERENCES {t});"
)
IDENTITY = "CREATE TABLE {t} ({c} int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int);"


def _definitions_aside(schema: Schema) -> Schema:
    """Columns in any order, and names without quotes, which only a server knows to set."""
    return replace(
        schema,
        tables=tuple(
            replace(
                table,
                columns=tuple(sorted(table.columns, key=lambda column: column.name)),
                foreign_keys=tuple(
                    replace(each, definition=each.definition.replace('"', "")) for each in table.foreign_keys
                ),
            )
            for table in schema.tables
        ),
    )


@pytest.mark.parametrize(
    ("ddl", "name", "column", "renames", "kinds"),
    [
        (TABLE + HANGING, "t2", "id", {"t": "t2"}, "TableRenamed SequenceRenamed ConstraintRenamed IndexRenamed"),
        (TABLE, '"user"', "id", {"t": "user"}, "TableRenamed SequenceRenamed ConstraintRenamed IndexRenamed"),
        (TABLE, "s.t", "id", {"t": "s.t"}, "TableRenamed"),
        (IDENTITY, "t2", "id", {"t": "t2"}, "TableRenamed SequenceRenamed ConstraintRenamed"),
        (TABLE, "t", "key", {"t.id": "t.key"}, "SequenceRenamed SequenceChanged ColumnRenamed PrimaryKeyChanged"),
        (IDENTITY, "t", "key", {"t.id": "key"}, "SequenceRenamed ColumnRenamed PrimaryKeyChanged"),
    ],
)
def test_what_follows_a_rename(
    read: Read, ddl: str, name: str, column: str, renames: dict[str, str], kinds: str
) -> None:
    schema = "CREATE SCHEMA s;"
    old = read(schema + ddl.format(t="t", c="id"))
    new = read(schema + ddl.format(t=name, c=column))
    diff = compare(old, new, Answers(renames=renames))
    assert [type(change).__name__ for change in diff.changes] == kinds.split()
    assert (diff.questions, diff.refusals) == ((), ())
    made = old
    for change in diff.changes:
        made = apply(change, made)
    assert _definitions_aside(made) == _definitions_aside(new)
