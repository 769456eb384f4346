"""Every kind of change, read from a server and compared: never a silent nothing, and the changes lead all the way."""

from dataclasses import replace

import psycopg
import pytest

from generator.diff import apply, compare
from generator.model.answers import Answers
from generator.model.schema import Schema
from generator.server import Server
from tests.dialects.postgres.conftest import Read
from tests.matrix.cases import Case, all_cases
from tests.matrix.dump import roles_of


def _columns_sorted(schema: Schema) -> Schema:
    return replace(
        schema,
        tables=tuple(
            replace(table, columns=tuple(sorted(table.columns, key=lambda column: column.name)))
            for table in schema.tables
        ),
    )


FORWARDS = [case for case in all_cases() if not case.rows and not case.name.endswith(" back")]


@pytest.mark.parametrize("case", FORWARDS, ids=lambda case: case.name)
def test_a_change_of_this_kind_is_found_both_ways(server: Server, read: Read, case: Case) -> None:
    try:
        one, other = (
            read("".join(f"CREATE ROLE {role};" for role in roles_of(sql)) + sql) for sql in (case.old, case.new)
        )
    except (psycopg.errors.SyntaxError, psycopg.errors.InvalidParameterValue):
        if server.major >= 15:
            raise
        pytest.skip("since PostgreSQL 15")
    for old, new in ((one, other), (other, one)):
        assert compare(old, old, Answers()).changes == ()
        diff = compare(old, new, Answers())
        assert diff.changes or diff.refusals or diff.notes
        if not diff.refusals:
            schema = old
            for change in diff.changes:
                schema = apply(change, schema)
            assert _columns_sorted(schema) == _columns_sorted(new)
