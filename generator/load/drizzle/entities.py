"""What a snapshot of either version says, in one form. Texts are SQL as drizzle-kit would write it; names are bare.

An empty text or tuple means that nothing is said.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Enum:
    """An enum type."""

    schema: str
    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A sequence, or the options of an identity column's own (``schema`` is then that of the table)."""

    schema: str
    name: str
    increment: str = ""
    minimum: str = ""
    maximum: str = ""
    start: str = ""
    cache: str = ""
    cycle: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role; ``options`` is what follows WITH."""

    name: str
    options: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An identity column's way of counting."""

    always: bool
    sequence: Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column; ``type`` is SQL, quoted where it has to be. ``generated`` is the expression of a stored column."""

    name: str
    type: str
    not_null: bool = False
    default: str = ""
    generated: str = ""
    identity: Identity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A primary key or a unique constraint; without a name PostgreSQL gives it one."""

    name: str
    columns: tuple[str, ...]
    nulls_not_distinct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check constraint."""

    name: str
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A foreign key; the actions are SQL words."""

    name: str
    columns: tuple[str, ...]
    schema_to: str
    table_to: str
    columns_to: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index; each of ``keys`` is a column or an expression with its operator class and order, as SQL."""

    name: str
    keys: tuple[str, ...]
    unique: bool = False
    method: str = "btree"
    options: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy; ``on`` is SQL and names a table that the snapshot may not have."""

    name: str
    on: str
    kind: str = "PERMISSIVE"
    command: str = "ALL"
    roles: tuple[str, ...] = ()
    using: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with everything that belongs to it."""

    schema: str
    name: str
    columns: tuple[Column, ...]
    primary_key: Key | None = None
    uniques: tuple[Key, ...] = ()
    checks: tuple[Check, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    policies: tuple[Policy, ...] = ()
    row_security: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view or a materialized one; ``options`` is what stands in WITH ()."""

    schema: str
    name: str
    definition: str
    materialized: bool = False
    options: str = ""
    method: str = ""
    tablespace: str = ""
    no_data: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A whole schema. ``policies`` are those on tables that it does not have."""

    schemas: tuple[str, ...] = ()
    enums: tuple[Enum, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    roles: tuple[Role, ...] = ()
    tables: tuple[Table, ...] = ()
    policies: tuple[Policy, ...] = ()
    views: tuple[View, ...] = ()
