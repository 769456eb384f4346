"""Short ways to write schemas for these tests."""

from generator.model.schema import (
    Column,
    ForeignKey,
    Index,
    PrimaryKey,
    QName,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    Unique,
)

COUNTING = SequenceOptions(type="bigint", start=1, increment=1, minimum=1, maximum=99, cache=1, cycle=False)


def table(called: str, /, *parts: object, **types: str) -> Table:
    """``id="bigint!"`` is a required column; ``parts`` are keys, constraints, indexes and further columns."""
    namespace, _, bare = called.rpartition(".")
    columns = [Column(name=each, type=type_.rstrip("!"), nullable="!" not in type_) for each, type_ in types.items()]
    columns += [part for part in parts if isinstance(part, Column)]
    return Table(
        name=QName(namespace or "public", bare),
        columns=tuple(columns),
        primary_key=next((part for part in parts if isinstance(part, PrimaryKey)), None),
        uniques=tuple(part for part in parts if isinstance(part, Unique)),
        foreign_keys=tuple(part for part in parts if isinstance(part, ForeignKey)),
        indexes=tuple(part for part in parts if isinstance(part, Index)),
    )


def schema(*things: Table | Sequence) -> Schema:
    """Tables and sequences."""
    return Schema(
        tables=tuple(sorted((each for each in things if isinstance(each, Table)), key=lambda each: each.name)),
        sequences=tuple(each for each in things if isinstance(each, Sequence)),
    )


def key(*columns: str, name: str = "pkey") -> PrimaryKey:
    """A primary key."""
    return PrimaryKey(name=name, definition=f"PRIMARY KEY ({', '.join(columns)})", columns=columns)


def unique(*columns: str, name: str = "") -> Unique:
    """A unique constraint."""
    words = ", ".join(columns)
    return Unique(name=name or f"{'_'.join(columns)}_key", definition=f"UNIQUE ({words})", columns=columns)


def reference(column: str, to: str, referenced: str = "id") -> ForeignKey:
    """A foreign key on one column, to a table in ``public``."""
    return ForeignKey(
        name=f"{column}_fkey",
        definition=f"FOREIGN KEY ({column}) REFERENCES public.{to}({referenced})",
        columns=(column,),
        references=QName("public", to),
        referenced_columns=(referenced,),
    )


def counter(name: str, owner: tuple[str, str] | None = None) -> Sequence:
    """A sequence, owned by (table, column) in ``public``."""
    owned_by = (QName("public", owner[0]), owner[1]) if owner else None
    return Sequence(name=QName("public", name), options=COUNTING, owned_by=owned_by)
