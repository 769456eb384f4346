"""Who owns what: an ``Other`` of the kind ``owner`` for each object whose owner both sides name, another one each.

Only these are given to anybody on the scratch server, and only these are read: everything else belongs there to the
role that runs the scripts, whatever it is called in production.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.dialects.postgres.names import ident, literal
from generator.dialects.postgres.owner_text import NamedOwners, read_named
from generator.model.schema import Other, QName, Schema

_PART = r'(?:"(?:[^"]|"")*"|[^".(]+)'

OWNER = "owner"
"""The kind."""

Owned = tuple[str, str]
"""An object: its kind, and its name as SQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedKind:
    """A kind of object that can be given away. ``words`` are what ALTER calls it; ``called`` is SQL for its whole name,
    with an empty search_path, over its row ``o`` in ``catalog``, of which the others are columns.

    It is not looked up by its name (``to_regclass``): whoever may not use its namespace any more could not ask.
    """

    words: str
    catalog: str
    called: str
    name: str
    owner: str
    namespace: str = ""


def _relation(words: str, kinds: str) -> OwnedKind:
    called = f"CASE WHEN o.relkind IN ({', '.join(map(literal, kinds))}) THEN o.oid::regclass::text END"
    return OwnedKind(
        words=words, catalog="pg_class", called=called, name="relname", owner="relowner", namespace="relnamespace"
    )


def _routine(words: str) -> OwnedKind:
    return OwnedKind(
        words=words,
        catalog="pg_proc",
        called="o.oid::regprocedure::text",
        name="proname",
        owner="proowner",
        namespace="pronamespace",
    )


def _in_namespace(words: str, catalog: str, prefix: str) -> OwnedKind:
    return OwnedKind(
        words=words,
        catalog=catalog,
        called=f"format('%I.%I', (SELECT nspname FROM pg_namespace WHERE oid = o.{prefix}namespace), o.{prefix}name)",
        name=f"{prefix}name",
        owner=f"{prefix}owner",
        namespace=f"{prefix}namespace",
    )


def _alone(words: str, catalog: str, prefix: str) -> OwnedKind:
    return OwnedKind(
        words=words,
        catalog=catalog,
        called=f"quote_ident(o.{prefix}name)",
        name=f"{prefix}name",
        owner=f"{prefix}owner",
    )


KINDS: Mapping[str, OwnedKind] = {
    "table": _relation("TABLE", "rp"),
    "view": _relation("VIEW", "v"),
    "materialized view": _relation("MATERIALIZED VIEW", "m"),
    "sequence": _relation("SEQUENCE", "S"),
    "foreign table": _relation("FOREIGN TABLE", "f"),
    "function": _routine("FUNCTION"),
    "procedure": _routine("PROCEDURE"),
    # Of an aggregate without arguments the catalog says (), and ALTER AGGREGATE wants (*).
    "aggregate": _routine("ROUTINE"),
    "type": _in_namespace("TYPE", "pg_type", "typ"),
    "schema": _alone("SCHEMA", "pg_namespace", "nsp"),
    "collation": _in_namespace("COLLATION", "pg_collation", "coll"),
    "conversion": _in_namespace("CONVERSION", "pg_conversion", "con"),
    "statistics object": _in_namespace("STATISTICS", "pg_statistic_ext", "stx"),
    "text search configuration": _in_namespace("TEXT SEARCH CONFIGURATION", "pg_ts_config", "cfg"),
    "text search dictionary": _in_namespace("TEXT SEARCH DICTIONARY", "pg_ts_dict", "dict"),
    "server": _alone("SERVER", "pg_foreign_server", "srv"),
    "publication": _alone("PUBLICATION", "pg_publication", "pub"),
    "language": _alone("LANGUAGE", "pg_language", "lan"),
}
"""By what ``pg_identify_object`` calls them."""

RELATIONS = ("table", "view", "materialized view", "foreign table")


def owner_of(kind: str, name: str, role: str, table: QName | None = None) -> Other:
    """The value; ``name`` is SQL."""
    words = KINDS[kind].words if kind in KINDS else kind.upper()
    return Other(
        kind=OWNER,
        name=f"{kind} {table if table is not None else name.removeprefix('public.')}",
        definition=f"ALTER {words} {name} OWNER TO {ident(role)}",
        table=table,
        sql_name=f"{kind} {name}",
    )


def owned(other: Other) -> Owned:
    """The object whose owner it is. Its kind and its name have one blank between them, and the kind may have more."""
    kind = max((each for each in KINDS if other.sql_name.startswith(f"{each} ")), key=len, default="")
    if not kind:
        return "", other.sql_name
    return kind, other.sql_name.removeprefix(f"{kind} ")


def is_written(owner: Other) -> bool:
    """Whether objects of its kind are given away at all."""
    return bool(owned(owner)[0])


def role_of(other: Other) -> str:
    """The owner, bare."""
    role = other.definition.rpartition(" OWNER TO ")[2]
    return role[1:-1].replace('""', '"') if role.startswith('"') else role


def is_owner(other: Other) -> str:
    """SQL: the object belongs to that owner."""
    kind, name = owned(other)
    belongs = f"pg_get_userbyid(o.{KINDS[kind].owner}) = {literal(role_of(other))}"
    return f"coalesce((SELECT {belongs} {row_of(kind, name)}), false)"


def is_absent(other: Other) -> str:
    """SQL: there is no such object."""
    return f"NOT EXISTS (SELECT {row_of(*owned(other))})"


def no_such_role(other: Other) -> str:
    """SQL: the owner is nobody."""
    return f"NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {literal(role_of(other))})"


def row_of(kind: str, name: str, *more: str) -> str:
    """SQL: from the object's row in its catalog, which is ``o``, and ``more`` tables."""
    row = KINDS[kind]
    tables = ", ".join((f"{row.catalog} AS o", *more))
    return f"FROM {tables} WHERE o.{row.name} = {literal(last_name(name))} AND {row.called} = {literal(name)}"


def last_name(name: str) -> str:
    """The bare name without its namespace and the types of its arguments."""
    parts = re.match(rf"(?:{_PART}\.)?({_PART})", name)
    last = parts[1] if parts is not None else name
    return last[1:-1].replace('""', '"') if last.startswith('"') else last


def with_owners(schema: Schema, found: Iterable[Other]) -> Schema:
    """The schema with these among its objects."""
    others = (*schema.others, *found)
    return replace(schema, others=tuple(sorted(others, key=_order))) if len(others) > len(schema.others) else schema


def without_owners(schema: Schema) -> Schema:
    """The schema as every other recipe knows it."""
    return replace(schema, others=tuple(each for each in schema.others if each.kind != OWNER))


def _order(other: Other) -> tuple[str, str, QName, str]:
    return other.kind, other.name, other.table or QName("", ""), other.definition


def named_owners(named: NamedOwners, connection: Any) -> tuple[Other, ...]:
    """Every owner that a side names, of the objects that are there."""
    return read_owners(read_named(named, connection))


def queries(wanted: Iterable[Owned]) -> Iterator[tuple[str, list[str]]]:
    """A query and its one parameter for each kind: object, owner, namespace and name (the last two of a relation)."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for kind, name in sorted(set(wanted)):
        if kind:
            names[kind].append(name)
    for kind, those in names.items():
        row = KINDS[kind]
        called, where = row.called.replace("%", "%%"), "NULL, NULL"
        if kind in RELATIONS:
            where = "(SELECT nspname FROM pg_namespace WHERE oid = o.relnamespace), o.relname"
        query = (
            f"SELECT {literal(kind)}, n.name, pg_get_userbyid(o.{row.owner}), {where}"
            f" FROM unnest(%s::text[]) AS n (name) JOIN {row.catalog} AS o ON {called} = n.name"
        )
        yield query, those


def read_owners(rows: Iterable[tuple[str, str, str, str | None, str | None]]) -> tuple[Other, ...]:
    """The values of what those queries give."""
    return tuple(
        owner_of(kind, name, role, QName(schema, relation) if schema is not None and relation is not None else None)
        for kind, name, role, schema, relation in rows
    )
