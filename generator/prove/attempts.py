"""Statements tried on a database and taken back, many in one round trip.

Each attempt runs in a subtransaction which ends with an error of its own making, so nothing of it stays; constraints
that wait for the commit are checked before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import ident, literal
from generator.model.schema import QName

if TYPE_CHECKING:
    from psycopg import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Statements that belong together, each of which has to touch a row (a query may find none).

    ``expect`` is a query that must give true after them, ``expected`` what that means to people; it is read with
    ``search_path``. ``what`` says what the application does here.
    """

    what: str
    statements: tuple[str, ...]
    expect: str | None = None
    expected: str = "works"
    search_path: tuple[str, ...] = ()


_TRY = """
CREATE OR REPLACE FUNCTION pg_temp.gm_try(statements text[], expect text, path text, numbers text) RETURNS text[]
LANGUAGE plpgsql AS $gm$
DECLARE
    statement text;
    touched   bigint;
    holds     boolean;
    outcome   text := '';
    broken    text;
    missing   text;
    space     text;
    place     text;
BEGIN
    BEGIN
        FOREACH statement IN ARRAY statements LOOP
            EXECUTE statement;
            GET DIAGNOSTICS touched = ROW_COUNT;
            IF touched = 0 AND statement NOT LIKE 'SELECT%' THEN
                outcome := 'touched no row: ' || statement;
            END IF;
        END LOOP;
        SET CONSTRAINTS ALL IMMEDIATE;
        IF expect IS NOT NULL AND outcome = '' THEN
            PERFORM set_config('search_path', path, true);
            EXECUTE expect INTO holds;
            IF holds IS NOT TRUE THEN
                outcome := 'it does not: ' || expect;
            END IF;
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'GM000';
    EXCEPTION
        WHEN SQLSTATE 'GM000' THEN
            EXECUTE numbers;
            RETURN ARRAY[outcome, '', '', '', ''];
        WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME, missing = COLUMN_NAME,
                space = SCHEMA_NAME, place = TABLE_NAME;
            EXECUTE numbers;
            RETURN ARRAY[format('%s (%s): %s', SQLERRM, SQLSTATE, statement), broken, space, place, missing];
    END;
END
$gm$
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an attempt: ``error`` is empty where it worked, else what the server said and at which statement.

    ``constraint`` is the one that was violated, ``column`` the one of ``table`` that must not be NULL,
    where that was it.
    """

    error: str
    constraint: str = ""
    table: QName | None = None
    column: str = ""


def outcomes(connection: "Connection[tuple[Any, ...]]", attempts: Sequence[Attempt]) -> tuple[Outcome, ...]:
    """Try each attempt and take it back, also the numbers that it has drawn from sequences."""
    if not attempts:
        return ()
    connection.execute(_TRY)
    rows = connection.execute(
        "SELECT pg_temp.gm_try(ARRAY(SELECT jsonb_array_elements_text(each -> 0)), each ->> 1, each ->> 2, %s)"
        " FROM jsonb_array_elements(%s::jsonb) WITH ORDINALITY AS given (each, position) ORDER BY position",
        [_numbers(connection), _json(attempts)],
    ).fetchall()
    return tuple(
        Outcome(error=error, constraint=constraint, table=QName(schema, table) if table else None, column=column)
        for ((error, constraint, schema, table, column),) in rows
    )


_SEQUENCES = """
SELECT format('SELECT %L, last_value, is_called FROM %1$s', c.oid::regclass)
FROM pg_catalog.pg_class c WHERE c.relkind = 'S' AND c.oid >= 16384 ORDER BY c.oid
"""


def _numbers(connection: "Connection[tuple[Any, ...]]") -> str:
    """A query that sets every sequence to where it is now: ROLLBACK does not give numbers back."""
    found = [query for (query,) in connection.execute(_SEQUENCES)]
    if not found:
        return "SELECT"
    # In rows and not in columns, of which one query has at most 1,664.
    states = connection.execute(" UNION ALL ".join(found).encode()).fetchall()
    values = ", ".join(f"({literal(name)}::regclass, {last}, {called})" for name, last, called in states)
    return (
        f"SELECT setval(number, last, called) FROM (VALUES {values}) AS was (number, last, called)"
        " WHERE pg_sequence_last_value(number) IS DISTINCT FROM CASE WHEN called THEN last END"
    )


def _json(attempts: Sequence[Attempt]) -> str:
    import json

    return json.dumps(
        [
            [attempt.statements, attempt.expect, ", ".join(ident(name) for name in attempt.search_path) or "''"]
            for attempt in attempts
        ]
    )
