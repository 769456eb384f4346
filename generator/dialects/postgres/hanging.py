"""What hangs on what in a database, and which definitions PostgreSQL puts in the place of others."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.model.change import Change, OtherChanged, OtherDropped
from generator.model.facts import Key
from generator.model.schema import Other

if TYPE_CHECKING:
    from psycopg import Connection

_QUERY = Path(__file__).parent / "catalog" / "hanging.sql"

_REPLACE = {
    "view": ("CREATE VIEW ", "CREATE OR REPLACE VIEW "),
    "aggregate": ("CREATE AGGREGATE ", "CREATE OR REPLACE AGGREGATE "),
}
"""What has to be said so that a definition replaces another one; functions say it already."""

_TRIED = ("view", "function", "procedure", "aggregate")


def or_replace(other: Other) -> str:
    """The definition, said so that it takes the place of what is there."""
    before, after = _REPLACE.get(other.kind, ("", ""))
    return other.definition.replace(before, after, 1) if before else other.definition


def read_hanging(connection: "Connection[tuple[Any, ...]]", changes: Iterable[Change]) -> dict[Key, tuple[Key, ...]]:
    """For each object what hangs on it, directly; empty where no object goes or changes that others could hang on."""
    if not any(isinstance(each, OtherChanged | OtherDropped) for each in changes):
        return {}
    found: dict[Key, tuple[Key, ...]] = {}
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL search_path = ''")
        for kind, name, on_kind, on_name in connection.execute(_QUERY.read_bytes()):
            found[on_kind, on_name] = (*found.get((on_kind, on_name), ()), (kind, name))
    return {key: tuple(sorted(hang)) for key, hang in found.items()}


def read_replaced(connection: "Connection[tuple[Any, ...]]", changes: Iterable[Change]) -> frozenset[Key]:
    """The changed objects whose definitions take each other's place, there and back, in the database as it is.

    What speaks of something that the database does not have yet cannot be tried, and is left out.
    """
    return frozenset(
        (change.new.kind, change.new.sql_name)
        for change in changes
        if isinstance(change, OtherChanged) and change.new.kind in _TRIED and _takes_place(connection, change)
    )


def _takes_place(connection: "Connection[tuple[Any, ...]]", change: OtherChanged) -> bool:
    import psycopg

    if ";\nALTER VIEW" in change.old.definition + change.new.definition:
        return False  # A default that is left out in the one would stay.
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL search_path = ''")
            connection.execute("SET LOCAL check_function_bodies = off")
            for each in (change.new, change.old):
                connection.execute(or_replace(each).encode())
    except psycopg.Error:
        return False
    return True
