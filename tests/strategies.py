"""Random schemas as values, in the canonical form in which PostgreSQL would give them back."""

from dataclasses import replace
from typing import TypeVar

from hypothesis import strategies as st

from generator.dialects.postgres.names import ident, literal, qname
from generator.model.schema import (
    Check,
    Column,
    EnumType,
    ForeignKey,
    Generated,
    Identity,
    Index,
    Namespace,
    PrimaryKey,
    QName,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    Unique,
)

T = TypeVar("T")

NAMESPACES = ("public", "Odd Schema")
TABLES = tuple(
    QName(namespace, name) for namespace in NAMESPACES for name in ("users", "orders", "Odd Table", "user", 'a"b')
)
COLUMNS = ("a", "b", "email", "select", "Größe", 'quo"te', "c", "created_at")
ENUM = EnumType(name=QName("public", "mood"), values=("sad", "it's", "back\\slash"))

TYPES: dict[str, tuple[str | None, ...]] = {
    "integer": (None, "42", "'-1'::integer"),
    "bigint": (None, "0"),
    "smallint": (None,),
    "text": (None, "'x'::text", "'it''s'::text", "'back\\slash'::text"),
    "character varying(50)": (None, "'v'::character varying"),
    "numeric(10,2)": (None, "1.5"),
    "boolean": (None, "true"),
    "uuid": (None, "gen_random_uuid()"),
    "timestamp with time zone": (None, "now()", "'2020-01-01 00:00:00+00'::timestamp with time zone"),
    "date": (None, "CURRENT_DATE"),
    "jsonb": (None, "'{}'::jsonb"),
    "text[]": (None, "'{}'::text[]", "ARRAY['a'::text, 'b'::text]"),
    "double precision": (None,),
    "public.mood": (None, "'sad'::public.mood"),
}
"""Types with defaults of theirs, each as the server prints it."""

_comments = st.sampled_from((None, None, None, "a comment", "it's\n back\\slashed"))


def _bounds(type_: str) -> tuple[int, int]:
    bits = {"smallint": 15, "integer": 31, "bigint": 63}[type_]
    return 1, 2**bits - 1


@st.composite
def sequence_options(draw: st.DrawFn, type_: str) -> SequenceOptions:
    """Options of a sequence of an integer type."""
    low, high = _bounds(type_)
    return SequenceOptions(
        type=type_,
        start=draw(st.integers(1, 5)),
        increment=draw(st.integers(1, 3)),
        minimum=low,
        maximum=high,
        cache=draw(st.integers(1, 2)),
        cycle=draw(st.booleans()),
    )


@st.composite
def columns(draw: st.DrawFn, table: QName, name: str) -> Column:
    """A column of any kind; generated ones come from ``tables``, since they look at others."""
    type_ = draw(st.sampled_from(tuple(TYPES)))
    column = Column(
        name=name,
        type=type_,
        nullable=draw(st.booleans()),
        default=draw(st.sampled_from(TYPES[type_])),
        collation='"C"' if type_ == "text" and draw(st.booleans()) else None,
        comment=draw(_comments),
    )
    if type_ in ("smallint", "integer", "bigint") and draw(st.integers(0, 4)) == 0:
        identity = Identity(
            always=draw(st.booleans()),
            options=draw(sequence_options(type_)),
            sequence=QName(table.schema, f"{table.name}_{name}_ids"),
        )
        return replace(column, identity=identity, default=None, nullable=False)
    return column


@st.composite
def tables(draw: st.DrawFn, name: QName) -> Table:
    """A table without foreign keys."""
    names = draw(st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=5, unique=True))
    made = [Column(name="id", type="bigint", nullable=False)]
    made += [draw(columns(name, each)) for each in names]
    if draw(st.booleans()):
        expression = draw(st.sampled_from(("(id + 1)", "(id * 2)")))
        made.append(Column(name="twice", type="bigint", generated=Generated(expression=expression, stored=True)))
    plain = [column for column in made if column.type not in ("jsonb",)]
    uniques = {}
    for column in draw(st.lists(st.sampled_from(plain), max_size=2, unique=True)):
        key = draw(st.sampled_from((f"{name.name}_{column.name}_key", f"{name.name}_{column.name}_unique")))
        deferrable = draw(st.sampled_from(("", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED")))
        uniques[key] = Unique(
            name=key,
            definition=f"UNIQUE ({ident(column.name)}){deferrable}",
            columns=(column.name,),
            comment=draw(_comments),
        )
    checks = {}
    for limit in draw(st.lists(st.integers(0, 3), max_size=2, unique=True)):
        key = f"{name.name}_check_{draw(st.integers(0, 1))}"
        checks[key] = Check(
            name=key,
            definition=f"CHECK ((id > {limit}))",
            columns=("id",),
            validated=draw(st.booleans()),
            comment=draw(_comments),
        )
    indexes = {}
    for column in draw(st.lists(st.sampled_from(plain), max_size=2, unique=True)):
        key = f"{name.name}_{column.name}_idx"
        where = draw(st.sampled_from(("", " WHERE (id > 0)")))
        order = draw(st.sampled_from(("", " DESC", " NULLS FIRST")))
        used = (column.name,) if not where or column.name == "id" else (column.name, "id")
        indexes[key] = Index(
            name=key,
            unique=draw(st.booleans()),
            body=f"USING btree ({ident(column.name)}{order}){where}",
            columns=used,
            comment=draw(_comments),
        )
    key_name = draw(st.sampled_from((f"{name.name}_pkey", f"pk_{name.name}")))
    return Table(
        name=name,
        columns=tuple(made),
        primary_key=PrimaryKey(name=key_name, definition="PRIMARY KEY (id)", columns=("id",)),
        uniques=_by_name(uniques),
        checks=_by_name(checks),
        indexes=_by_name(indexes),
        comment=draw(_comments),
    )


def _by_name(things: dict[str, T]) -> tuple[T, ...]:
    return tuple(things[name] for name in sorted(things))


@st.composite
def foreign_keys(draw: st.DrawFn, table: Table, targets: tuple[Table, ...]) -> tuple[ForeignKey, ...]:
    """Foreign keys from the bigint columns of a table to the keys of any of the others, itself too."""
    made = {}
    for column in table.columns:
        if column.type != "bigint" or column.name in ("id", "twice") or not draw(st.booleans()):
            continue
        target = draw(st.sampled_from(targets)).name
        name = f"{table.name.name}_{column.name}_fkey"
        action = draw(st.sampled_from(("NO ACTION", "CASCADE", "SET NULL")))
        words = "" if action == "NO ACTION" else f" ON DELETE {action}"
        made[name] = ForeignKey(
            name=name,
            definition=f"FOREIGN KEY ({ident(column.name)}) REFERENCES {qname(target)}(id){words}",
            columns=(column.name,),
            references=target,
            referenced_columns=("id",),
            on_delete=action,
            validated=draw(st.booleans()),
            comment=draw(_comments),
        )
    return _by_name(made)


@st.composite
def sequences(draw: st.DrawFn, made: tuple[Table, ...]) -> tuple[Sequence, ...]:
    """Sequences, some of which a column owns."""
    found = {}
    for name in draw(st.lists(st.sampled_from(("counter", "Odd Counter")), max_size=2, unique=True)):
        owner = None
        if len(made) > 0 and draw(st.booleans()):
            table = draw(st.sampled_from(made))
            owner = (table.name, "id")
        namespace = owner[0].schema if owner else "public"
        type_ = draw(st.sampled_from(("integer", "bigint")))
        found[QName(namespace, name)] = Sequence(
            name=QName(namespace, name),
            options=draw(sequence_options(type_)),
            owned_by=owner,
            comment=draw(_comments),
        )
    return tuple(found[name] for name in sorted(found))


@st.composite
def schemas(draw: st.DrawFn, max_tables: int = 4) -> Schema:
    """A schema of a few tables, such that PostgreSQL takes it and reads it back as it is."""
    names = draw(st.lists(st.sampled_from(TABLES), max_size=max_tables, unique=True))
    made = tuple(draw(tables(name)) for name in sorted(names))
    made = tuple(replace(table, foreign_keys=draw(foreign_keys(table, made))) for table in made)
    more = draw(st.lists(st.sampled_from(("new", "newer", literal("odd"))), max_size=2, unique=True))
    values = (*ENUM.values, *more)
    return Schema(
        namespaces=tuple(Namespace(name=name, comment=draw(_comments)) for name in sorted(NAMESPACES)),
        enums=(replace(ENUM, values=values, comment=draw(_comments)),),
        sequences=draw(sequences(made)),
        tables=made,
    )
