"""What a database holds at one moment: its catalog, every row, and the helper objects of a migration."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import PREFIX, ident, literal, qname
from generator.model.schema import Column, Extension, QName, Schema, Table
from generator.prove.likeness import Node

if TYPE_CHECKING:
    from psycopg import Connection

Read = Callable[["Connection[tuple[Any, ...]]"], Schema]

_HELPERS = """
SELECT kind || ' ' || name FROM (
    SELECT 'relation', relname::text, relnamespace FROM pg_catalog.pg_class
    UNION ALL SELECT 'function', proname::text, pronamespace FROM pg_catalog.pg_proc
    UNION ALL SELECT 'type', typname::text, typnamespace FROM pg_catalog.pg_type WHERE typtype <> 'c' AND typelem = 0
    UNION ALL SELECT 'constraint', conname::text, connamespace FROM pg_catalog.pg_constraint
    UNION ALL SELECT 'trigger', tgname::text, relnamespace FROM pg_catalog.pg_trigger t
              JOIN pg_catalog.pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal
    UNION ALL SELECT 'column', c.relname || '.' || attname, relnamespace FROM pg_catalog.pg_attribute
              JOIN pg_catalog.pg_class c ON c.oid = attrelid AND c.relkind NOT IN ('i', 'I') -- keep the first name
              WHERE NOT attisdropped AND attnum > 0 AND starts_with(attname::text, %(prefix)s)
    UNION ALL SELECT 'schema', nspname::text, 0 FROM pg_catalog.pg_namespace
) AS named (kind, name, namespace)
WHERE (starts_with(name, %(prefix)s) OR kind = 'column')
  AND namespace NOT IN (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname ~ '^pg_(temp|toast)')
ORDER BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """``rows`` gives for each table how many rows it has and a digest of them; ``helpers`` are kinds and names."""

    schema: Schema
    rows: Mapping[QName, tuple[int, str]]
    helpers: tuple[str, ...]


def capture(connection: "Connection[tuple[Any, ...]]", read: Read, without: Collection[Node] = ()) -> State:
    """The state of a database, without the values of some columns; ``connection`` is in autocommit."""
    schema = read(connection)
    return State(schema=schema, rows=count_rows(connection, schema.tables, without), helpers=helpers_there(connection))


def helpers_there(connection: "Connection[tuple[Any, ...]]") -> tuple[str, ...]:
    """The helper objects of a migration that are in a database, each with its kind."""
    return tuple(row[0] for row in connection.execute(_HELPERS, {"prefix": PREFIX}))


def count_rows(
    connection: "Connection[tuple[Any, ...]]", tables: Iterable[Table], without: Collection[Node] = ()
) -> dict[QName, tuple[int, str]]:
    """How many rows each table has, and a digest of them all by the names of their columns, but for those named."""
    tables = [table for table in tables if not table.name.name.startswith(PREFIX)]
    if not tables:
        return {}
    parts = [
        f"SELECT {position}, pg_catalog.count(*), coalesce(pg_catalog.md5(pg_catalog.string_agg(h, ''"
        f" ORDER BY h COLLATE pg_catalog.\"C\")), '') FROM"
        f" (SELECT pg_catalog.md5(({_row(table, without)})::text) FROM {qname(table.name)}) AS hashes (h)"
        for position, table in enumerate(tables)
    ]
    query = " UNION ALL ".join(parts)
    return {tables[position].name: (count, digest) for position, count, digest in connection.execute(query)}


def _row(table: Table, without: Collection[Node] = ()) -> str:
    # Column by column, so that names and not positions decide.
    names = sorted(column.name for column in table.columns if (table.name, column.name) not in without)
    return f"ROW({', '.join(ident(name) for name in names)})"


def rows_seen(connection: "Connection[tuple[Any, ...]]", table: Table) -> list[str]:
    """Every row of a table as text, for a message."""
    query = f"SELECT ({_row(table)})::text FROM {qname(table.name)} ORDER BY 1"
    return [row[0] for row in connection.execute(query)]


def in_name_order(schema: Schema) -> Schema:
    """The schema with each table's columns by name: their order cannot be changed, so it is not compared."""
    return replace(
        schema,
        tables=tuple(
            replace(table, columns=tuple(sorted(table.columns, key=lambda column: column.name)))
            for table in schema.tables
        ),
    )


def differences(expected: Schema, seen: Schema) -> list[tuple[str, str, str]]:
    """What differs, thing by thing: its kind and name, what was expected, what was seen (``-`` for nothing)."""
    expected, seen = in_name_order(expected), in_name_order(seen)
    if expected == seen:
        return []
    found: list[tuple[str, str, str]] = []
    for field in fields(Schema):
        left = {_name(each): each for each in getattr(expected, field.name)}
        right = {_name(each): each for each in getattr(seen, field.name)}
        for name in sorted(left.keys() | right.keys()):
            if not name.startswith("subscription "):  # a database's subscriptions are not cloned with it
                _compare(f"{field.name.rstrip('s')} {name}", left.get(name), right.get(name), found)
    return found


def _compare(what: str, left: object, right: object, found: list[tuple[str, str, str]]) -> None:
    if left == right:
        return
    if isinstance(left, Extension) and isinstance(right, Extension) and replace(left, version=right.version) == right:
        found.append((f"{what}, version", left.version, right.version))
        return
    if not isinstance(left, Table) or not isinstance(right, Table):
        found.append((what, _shown(left), _shown(right)))
        return
    for field in fields(Table):
        one, other = getattr(left, field.name), getattr(right, field.name)
        if one == other or not field.compare:
            continue
        if not isinstance(one, tuple):
            found.append((f"{what}, {field.name.replace('_', ' ')}", _shown(one), _shown(other)))
            continue
        parts, others = {_name(each): each for each in one}, {_name(each): each for each in other}
        for name in sorted(parts.keys() | others.keys()):
            _compare(
                f"{what}, {field.name.replace('_', ' ').rstrip('s')} {name}", parts.get(name), others.get(name), found
            )


def _name(thing: Any) -> str:
    return f"{thing.kind} {thing.name}" if hasattr(thing, "kind") else str(thing.name)


def _shown(thing: object) -> str:
    if thing is None:
        return "-"
    if isinstance(thing, Column):
        parts = [thing.type, "" if thing.nullable else "NOT NULL"]
        parts += [f"DEFAULT {thing.default}"] if thing.default is not None else []
        parts += [f"GENERATED {thing.generated.expression}"] if thing.generated is not None else []
        parts += [f"IDENTITY {thing.identity}"] if thing.identity is not None else []
        parts += [f"COLLATE {thing.collation}"] if thing.collation is not None else []
        parts += [f"COMMENT {literal(thing.comment)}"] if thing.comment is not None else []
        return " ".join(part for part in parts if part)
    definition = getattr(thing, "definition", None) or getattr(thing, "body", None)
    return str(thing) if definition is None else f"{definition}{_flags(thing)}"


def _flags(thing: object) -> str:
    said = [name for name in ("validated", "valid") if getattr(thing, name, True) is False]
    comment = getattr(thing, "comment", None)
    return "".join(f" (not {name})" for name in said) + (f" COMMENT {literal(comment)}" if comment else "")
