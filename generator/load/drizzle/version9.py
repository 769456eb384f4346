"""A snapshot of version 9 (drizzle-kit 1.0), or of version 8 before it: a list of rows, each one thing.

Texts are put together as drizzle-kit 1.0 does when it writes a first migration. A name that it leaves to PostgreSQL is
left to it here too.
"""

from collections import defaultdict
from collections.abc import Iterable

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

_ROLE_WORDS = {
    "superuser": "SUPERUSER", "createDb": "CREATEDB", "createRole": "CREATEROLE", "canLogin": "LOGIN",
    "replication": "REPLICATION", "bypassRls": "BYPASSRLS",
}  # fmt: skip
_OF_TABLES = ("columns", "pks", "uniques", "checks", "fks", "indexes", "policies")
_KNOWN = {"schemas", "enums", "sequences", "roles", "tables", "views", "privileges", *_OF_TABLES}


def read_rows(rows: Iterable[Node]) -> Snapshot:
    """What the rows say. Raises BadInput for what is not known."""
    by_type: dict[str, list[Node]] = defaultdict(list)
    of_table: dict[tuple[str, str, str], list[Node]] = defaultdict(list)
    for row in rows:
        kind = row.text("entityType")
        if kind not in _KNOWN:
            raise row.wrong(f"rows of the type {kind} are not known here")
        by_type[kind].append(row)
        if kind in _OF_TABLES:
            of_table[kind, row.text("schema"), row.text("table")].append(row)
    tables = tuple(_table(row, of_table) for row in by_type["tables"])
    known = {(table.schema, table.name) for table in tables}
    stray = next((key for key in of_table if key[0] != "policies" and key[1:] not in known), None)
    if stray:
        raise of_table[stray][0].wrong(f"belongs to {stray[1]}.{stray[2]}, which is no table of the snapshot")
    if by_type["privileges"]:
        raise by_type["privileges"][0].wrong("privileges are not read from snapshots")
    snapshot = Snapshot(
        schemas=tuple(row.text("name") for row in by_type["schemas"]),
        enums=tuple(_enum(row) for row in by_type["enums"]),
        sequences=tuple(_sequence(row) for row in by_type["sequences"]),
        roles=tuple(_role(row) for row in by_type["roles"]),
        tables=tables,
        policies=tuple(
            _policy(row) for key, found in of_table.items() if key[1:] not in known for row in found
        ),
        views=tuple(_view(row) for row in by_type["views"]),
    )  # fmt: skip
    for row in (row for found in by_type.values() for row in found):
        row.finish()
    return snapshot


def _enum(row: Node) -> Enum:
    return Enum(schema=row.text("schema"), name=row.text("name"), values=row.texts("values"))


def _sequence(row: Node) -> Sequence:
    return Sequence(
        schema=row.text("schema"),
        name=row.text("name"),
        increment=row.optional_text("incrementBy"),
        minimum=row.optional_text("minValue"),
        maximum=row.optional_text("maxValue"),
        start=row.optional_text("startWith"),
        cache=row.optional_text("cacheSize"),
        cycle=row.flag("cycle"),
    )


def _role(row: Node) -> Role:
    options = [word for key, word in _ROLE_WORDS.items() if row.flag(key)]
    if not row.flag("inherit"):
        options.append("NOINHERIT")
    limit, until = row.optional_text("connLimit"), row.optional_text("validUntil")
    if limit not in ("", "-1"):
        options.append(f"CONNECTION LIMIT {limit}")
    if until:
        options.append(f"VALID UNTIL '{until}'")
    row.ignore("password")
    return Role(name=row.text("name"), options=" ".join(options))


def _table(row: Node, of_table: dict[tuple[str, str, str], list[Node]]) -> Table:
    schema, name = row.text("schema"), row.text("name")
    columns, keys, uniques, checks, foreign, indexes, policies = (of_table[kind, schema, name] for kind in _OF_TABLES)
    return Table(
        schema=schema,
        name=name,
        columns=tuple(_column(each, schema) for each in columns),
        primary_key=next((_primary_key(each, name) for each in keys), None),
        uniques=tuple(_unique(each, name) for each in uniques),
        checks=tuple(Check(name=each.text("name"), expression=each.text("value")) for each in checks),
        foreign_keys=tuple(_foreign_key(each) for each in foreign),
        indexes=tuple(_index(each) for each in indexes),
        policies=tuple(_policy(each) for each in policies),
        row_security=row.flag("isRlsEnabled") or bool(policies),
    )


def _column(row: Node, schema: str) -> Column:
    type_schema, base, dimensions = row.optional_text("typeSchema"), row.text("type"), int(row.any("dimensions") or 0)
    written = f"{ident(type_schema)}.{ident(base)}" if type_schema else base
    default = row.optional_text("default")
    if default and type_schema:
        default += f"::{written}{'[]' if dimensions else ''}"
    elif default and dimensions:
        default += f"::{written}[]"
    generated, identity = row.node("generated"), row.node("identity")
    column = Column(
        name=row.text("name"),
        type=written + "[]" * dimensions,
        not_null=row.flag("notNull"),
        default=default,
        generated=generated.text("as") if generated else "",
        identity=_identity(identity, schema) if identity else None,
    )
    if generated:
        if generated.text("type") != "stored":
            raise generated.wrong("a generated column that is not stored")
        generated.finish()
    return column


def _identity(node: Node, schema: str) -> Identity:
    identity = Identity(
        always=node.text("type") == "always",
        sequence=Sequence(
            schema=schema,
            name=node.text("name"),
            increment=node.optional_text("increment"),
            minimum=node.optional_text("minValue"),
            maximum=node.optional_text("maxValue"),
            start=node.optional_text("startWith"),
            cache=node.optional_text("cache"),
            cycle=node.flag("cycle"),
        ),
    )
    node.finish()
    return identity


def _primary_key(row: Node, table: str) -> Key:
    name, columns = row.text("name"), row.texts("columns")
    row.ignore("nameExplicit")
    return Key(name="" if len(columns) == 1 and name == f"{table}_pkey" else name, columns=columns)


def _unique(row: Node, table: str) -> Key:
    name, columns, explicit = row.text("name"), row.texts("columns"), row.flag("nameExplicit")
    # Only a name of one column is ever left to PostgreSQL, and only as long as it is the one that it would give.
    automatic = not explicit and len(columns) == 1 and name == f"{table}_{columns[0]}_key"
    return Key(name="" if automatic else name, columns=columns, nulls_not_distinct=row.flag("nullsNotDistinct"))


def _foreign_key(row: Node) -> ForeignKey:
    row.ignore("nameExplicit")
    return ForeignKey(
        name=row.text("name"),
        columns=row.texts("columns"),
        schema_to=row.text("schemaTo"),
        table_to=row.text("tableTo"),
        columns_to=row.texts("columnsTo"),
        on_delete=row.optional_text("onDelete"),
        on_update=row.optional_text("onUpdate"),
    )


def _index(row: Node) -> Index:
    # CONCURRENTLY says how it is made, and not what it is.
    row.ignore("nameExplicit", "concurrently")
    return Index(
        name=row.text("name"),
        keys=tuple(_index_key(each) for each in row.nodes("columns")),
        unique=row.flag("isUnique"),
        method=row.optional_text("method") or "btree",
        options=row.optional_text("with"),
        where=row.optional_text("where"),
    )


def _index_key(node: Node) -> str:
    value = node.text("value")
    key = value if node.flag("isExpression") else ident(value)
    opclass, ascending, first = node.node("opclass"), node.flag("asc"), node.flag("nullsFirst")
    if opclass:
        key += "" if opclass.flag("default") else f" {opclass.text('name')}"
        opclass.ignore("name")
        opclass.finish()
    node.finish()
    key += "" if ascending else " DESC"
    return key if ascending != first else f"{key} NULLS {'FIRST' if first else 'LAST'}"


def _policy(row: Node) -> Policy:
    return Policy(
        name=row.text("name"),
        on=f"{ident(row.text('schema'))}.{ident(row.text('table'))}",
        kind=row.optional_text("as") or "PERMISSIVE",
        command=row.optional_text("for") or "ALL",
        roles=row.texts("roles"),
        using=row.optional_text("using"),
        check=row.optional_text("withCheck"),
    )


def _view(row: Node) -> View:
    options = row.node("with")
    return View(
        schema=row.text("schema"),
        name=row.text("name"),
        definition=row.text("definition"),
        materialized=row.flag("materialized"),
        options=view_options(options) if options else "",
        method=row.optional_text("using"),
        tablespace=row.optional_text("tablespace"),
        no_data=row.flag("withNoData"),
    )
