"""A snapshot of version 7 (drizzle-kit 0.2x and 0.3x): one object, with everything of a table inside it.

Texts are put together as drizzle-kit 0.31 does when it writes a migration, its peculiarities included: where an index
column has an operator class, it loses its order. Where drizzle-kit's own text could not run (a type with parentheses in
quotes, a check cut at a semicolon), the snapshot is taken at its word.
"""

import re
from typing import Any

from generator.dialects.postgres.names import ident
from generator.load.drizzle.entities import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Identity,
    Index,
    Key,
    Policy,
    Role,
    Sequence,
    Snapshot,
    Table,
    View,
)
from generator.load.drizzle.json_file import Node
from generator.load.drizzle.view_options import view_options

_ARRAYS = re.compile(r"\[\d*\]")
_NATIVE = (
    "uuid", "smallint", "integer", "bigint", "boolean", "text", "varchar", "serial", "bigserial", "decimal", "numeric",
    "real", "json", "jsonb", "time", "timestamp", "date", "interval", "double precision", "char", "vector", "geometry",
    "halfvec", "sparsevec", "bit",
)  # fmt: skip
"""Types that begin so are not quoted by drizzle-kit."""


def read_version7(top: Node) -> Snapshot:
    """What the snapshot says. Raises BadInput for what is not known."""
    top.ignore("id", "prevId", "version", "dialect", "_meta", "internal", "schemas")
    schemas = tuple(str(name) for name in (top.data.get("schemas") or {}).values())
    snapshot = Snapshot(
        schemas=schemas,
        enums=tuple(_enum(node) for node in top.nodes("enums")),
        sequences=tuple(_sequence(node) for node in top.nodes("sequences")),
        roles=tuple(_role(node) for node in top.nodes("roles")),
        tables=tuple(_table(node) for node in top.nodes("tables")),
        policies=tuple(_linked(node) for node in top.nodes("policies")),
        views=tuple(view for node in top.nodes("views") if (view := _view(node)) is not None),
    )
    top.finish()
    return snapshot


def _enum(node: Node) -> Enum:
    enum = Enum(schema=_schema(node), name=node.text("name"), values=node.texts("values"))
    node.finish()
    return enum


def _sequence(node: Node) -> Sequence:
    sequence = _counting(node, _schema(node))
    node.finish()
    return sequence


def _counting(node: Node, schema: str) -> Sequence:
    return Sequence(
        schema=schema,
        name=node.text("name"),
        increment=node.optional_text("increment"),
        minimum=node.optional_text("minValue"),
        maximum=node.optional_text("maxValue"),
        start=node.optional_text("startWith"),
        cache=node.optional_text("cache"),
        cycle=node.flag("cycle"),
    )


def _role(node: Node) -> Role:
    options = [word for key, word in (("createDb", "CREATEDB"), ("createRole", "CREATEROLE")) if node.flag(key)]
    if not node.flag("inherit"):
        options.append("NOINHERIT")
    role = Role(name=node.text("name"), options=" ".join(options))
    node.finish()
    return role


def _table(node: Node) -> Table:
    schema, name = _schema(node), node.text("name")
    columns = node.nodes("columns")
    keys = tuple(column.data.get("name", "") for column in columns if column.flag("primaryKey"))
    composite = node.nodes("compositePrimaryKeys")
    policies = tuple(_policy(each, f"{ident(schema)}.{ident(name)}") for each in node.nodes("policies"))
    table = Table(
        schema=schema,
        name=name,
        primary_key=_key(composite[0]) if composite else Key(name="", columns=keys) if keys else None,
        uniques=(*filter(None, map(_column_unique, columns)), *map(_key, node.nodes("uniqueConstraints"))),
        columns=tuple(_column(column, schema) for column in columns),
        checks=tuple(_check(each) for each in node.nodes("checkConstraints")),
        foreign_keys=tuple(_foreign_key(each) for each in node.nodes("foreignKeys")),
        indexes=tuple(_index(each) for each in node.nodes("indexes")),
        policies=policies,
        row_security=node.flag("isRLSEnabled") or bool(policies),
    )
    node.finish()
    return table


def _column(node: Node, schema: str) -> Column:
    identity, generated = node.node("identity"), node.node("generated")
    column = Column(
        name=node.text("name"),
        type=_type(node.text("type"), node.optional_text("typeSchema")),
        not_null=node.flag("notNull"),
        default=_default(node.any("default")),
        generated=generated.text("as") if generated else "",
        identity=_identity(identity, schema) if identity else None,
    )
    if generated:
        if generated.text("type") != "stored":
            raise generated.wrong("a generated column that is not stored")
        generated.finish()
    node.finish()
    return column


def _type(written: str, schema: str) -> str:
    arrays, base = "".join(_ARRAYS.findall(written)), _ARRAYS.sub("", written)
    if schema:
        return f"{ident(schema)}.{ident(base)}{arrays}"
    plain = base.startswith(_NATIVE) or base.isupper() or not base.isidentifier()
    return f"{base if plain else ident(base)}{arrays}"


def _default(value: Any) -> str:
    """A text is SQL; a number or a truth value stands for itself."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool | int | float) else str(value)


def _identity(node: Node, schema: str) -> Identity:
    node.ignore("schema")
    identity = Identity(always=node.text("type") == "always", sequence=_counting(node, schema))
    node.finish()
    return identity


def _column_unique(column: Node) -> Key | None:
    """A unique constraint as older snapshots have it, in its column."""
    unique, name, together = column.any("isUnique"), column.optional_text("uniqueName"), column.flag("nullsNotDistinct")
    if not unique:
        return None
    return Key(name=name, columns=(column.data.get("name", ""),), nulls_not_distinct=together)


def _key(node: Node) -> Key:
    key = Key(name=node.text("name"), columns=node.texts("columns"), nulls_not_distinct=node.flag("nullsNotDistinct"))
    node.finish()
    return key


def _check(node: Node) -> Check:
    check = Check(name=node.text("name"), expression=node.text("value"))
    node.finish()
    return check


def _foreign_key(node: Node) -> ForeignKey:
    node.ignore("tableFrom")
    key = ForeignKey(
        name=node.text("name"),
        columns=node.texts("columnsFrom"),
        schema_to=node.optional_text("schemaTo") or "public",
        table_to=node.text("tableTo"),
        columns_to=node.texts("columnsTo"),
        on_delete=node.optional_text("onDelete").upper(),
        on_update=node.optional_text("onUpdate").upper(),
    )
    node.finish()
    return key


def _index(node: Node) -> Index:
    options = node.any("with") or {}
    # CONCURRENTLY says how it is made, and not what it is.
    node.ignore("concurrently")
    index = Index(
        name=node.text("name"),
        keys=tuple(_index_key(each) for each in node.nodes("columns")),
        unique=node.flag("isUnique"),
        method=node.optional_text("method") or "btree",
        options=", ".join(f"{name}={_default(value)}" for name, value in options.items()),
        where=node.optional_text("where"),
    )
    node.finish()
    return index


def _index_key(node: Node) -> str:
    expression = node.text("expression")
    key = expression if node.flag("isExpression") else ident(expression)
    opclass, ascending, nulls = node.optional_text("opclass"), node.flag("asc"), node.optional_text("nulls")
    node.finish()
    if opclass:
        return f"{key} {opclass}"
    key += "" if ascending else " DESC"
    return key if ascending and nulls in ("last", "") else f"{key} NULLS {nulls.upper() or 'LAST'}"


def _policy(node: Node, on: str) -> Policy:
    node.ignore("schema", "on")
    policy = Policy(
        name=node.text("name"),
        on=on,
        kind=node.optional_text("as") or "PERMISSIVE",
        command=node.optional_text("for") or "ALL",
        roles=node.texts("to"),
        using=node.optional_text("using"),
        check=node.optional_text("withCheck"),
    )
    node.finish()
    return policy


def _linked(node: Node) -> Policy:
    """A policy for a table that is not the snapshot's own; the table's name is SQL already."""
    return _policy(node, node.text("on"))


def _view(node: Node) -> View | None:
    node.ignore("columns")
    options = node.node("with")
    view = View(
        schema=_schema(node),
        name=node.text("name"),
        definition=node.optional_text("definition"),
        materialized=node.flag("materialized"),
        options=view_options(options) if options else "",
        method=node.optional_text("using"),
        tablespace=node.optional_text("tablespace"),
        no_data=node.flag("withNoData"),
    )
    existing = node.flag("isExisting")
    node.finish()
    return None if existing else view


def _schema(node: Node) -> str:
    return node.optional_text("schema") or "public"
