"""DDL that makes a Schema, or a piece of one, from nothing: pure functions from values to SQL, in an order that works.

Read back, what ``create_schema`` makes is the Schema again; ``others`` are left out (their kinds are not changed yet).
"""

from collections.abc import Iterable

from generator.dialects.postgres.names import ident, literal, qname
from generator.model.change import CommentTarget
from generator.model.schema import (
    Column,
    Constraint,
    EnumType,
    Extension,
    ForeignKey,
    Identity,
    Index,
    Namespace,
    PartitionOf,
    PrimaryKey,
    QName,
    Schema,
    Sequence,
    SequenceOptions,
    Table,
    Unique,
)


def sequence_options(options: SequenceOptions) -> str:
    """Everything a sequence does, spelled out, without its type."""
    return (
        f"INCREMENT BY {options.increment} MINVALUE {options.minimum} MAXVALUE {options.maximum} "
        f"START WITH {options.start} CACHE {options.cache} {'CYCLE' if options.cycle else 'NO CYCLE'}"
    )


def identity_clause(identity: Identity) -> str:
    """``GENERATED … AS IDENTITY (…)`` with the sequence's name."""
    how = "ALWAYS" if identity.always else "BY DEFAULT"
    return (
        f"GENERATED {how} AS IDENTITY (SEQUENCE NAME {qname(identity.sequence)} {sequence_options(identity.options)})"
    )


def column_definition(column: Column) -> str:
    """The column as in CREATE TABLE or ADD COLUMN, without its comment."""
    parts = [ident(column.name), column.type]
    if column.collation is not None:
        parts.append(f"COLLATE {column.collation}")
    if column.generated is not None:
        kind = "STORED" if column.generated.stored else "VIRTUAL"
        parts.append(f"GENERATED ALWAYS AS ({column.generated.expression}) {kind}")
    elif column.identity is not None:
        parts.append(identity_clause(column.identity))
    elif column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    if not column.nullable:
        parts.append("NOT NULL")
    return " ".join(parts)


def is_validated(constraint: Constraint) -> bool:
    """Whether its rows were checked; always so for a kind that has no NOT VALID."""
    return getattr(constraint, "validated", True)


def constraint_definition(constraint: Constraint) -> str:
    """``CONSTRAINT name …``, with NOT VALID where it is."""
    tail = "" if is_validated(constraint) else " NOT VALID"
    return f"CONSTRAINT {ident(constraint.name)} {constraint.definition}{tail}"


def add_constraint(table: QName, constraint: Constraint) -> str:
    """``ALTER TABLE … ADD CONSTRAINT …``."""
    return f"ALTER TABLE {qname(table)} ADD {constraint_definition(constraint)}"


def create_index(table: QName, index: Index) -> str:
    """The plain CREATE INDEX; an index that is not valid is made whole."""
    unique = "UNIQUE " if index.unique else ""
    return f"CREATE {unique}INDEX {ident(index.name)} ON {qname(table)} {index.body}"


def comment_on(target: CommentTarget, of: QName, name: str, text: str | None) -> str:
    """``COMMENT ON``; ``of`` and ``name`` as in CommentChanged. None takes the comment away."""
    match target:
        case CommentTarget.COLUMN:
            what = f"{qname(of)}.{ident(name)}"
        case CommentTarget.CONSTRAINT:
            what = f"{ident(name)} ON {qname(of)}"
        case CommentTarget.SCHEMA | CommentTarget.EXTENSION:
            what = ident(name)
        case _:
            what = qname(of)
    return f"COMMENT ON {target} {what} IS {'NULL' if text is None else literal(text)}"


def create_namespace(namespace: Namespace) -> str:
    """``public`` is there already in a new database, as a rule."""
    return f"CREATE SCHEMA IF NOT EXISTS {ident(namespace.name)}"


def create_extension(extension: Extension, namespaces: tuple[Namespace, ...]) -> str:
    """The server's own version, since others are rarely at hand; in its namespace, unless it makes that itself."""
    where = ""
    if any(namespace.name == extension.schema for namespace in namespaces):
        where = f" WITH SCHEMA {ident(extension.schema)}"
    return f"CREATE EXTENSION IF NOT EXISTS {ident(extension.name)}{where} CASCADE"


def create_enum(enum: EnumType) -> str:
    """The enum with its values."""
    values = ", ".join(literal(value) for value in enum.values)
    return f"CREATE TYPE {qname(enum.name)} AS ENUM ({values})"


def create_sequence(sequence: Sequence) -> str:
    """The sequence, not yet owned by a column."""
    return f"CREATE SEQUENCE {qname(sequence.name)} AS {sequence.options.type} {sequence_options(sequence.options)}"


def own_sequence(sequence: Sequence) -> str:
    """``ALTER SEQUENCE … OWNED BY …``."""
    owner = "NONE"
    if sequence.owned_by is not None:
        table, column = sequence.owned_by
        owner = f"{qname(table)}.{ident(column)}"
    return f"ALTER SEQUENCE {qname(sequence.name)} OWNED BY {owner}"


def table_comments(table: Table) -> tuple[str, ...]:
    """The comments on a table and on everything of it, but for those on foreign keys."""
    said = []
    if table.comment is not None:
        said.append(comment_on(CommentTarget.TABLE, table.name, "", table.comment))
    for column in table.columns:
        if column.comment is not None:
            said.append(comment_on(CommentTarget.COLUMN, table.name, column.name, column.comment))
    for constraint in table.constraints:
        if constraint.comment is not None and not isinstance(constraint, ForeignKey):
            said.append(comment_on(CommentTarget.CONSTRAINT, table.name, constraint.name, constraint.comment))
    for index in table.indexes:
        if index.comment is not None:
            of = QName(table.name.schema, index.name)
            said.append(comment_on(CommentTarget.INDEX, of, "", index.comment))
    return tuple(said)


def _doubled(constraint: Constraint, before: Iterable[Constraint]) -> bool:
    """Whether CREATE TABLE would take the constraint and an earlier one for the same, and make only one of them."""
    return isinstance(constraint, Unique) and any(
        isinstance(each, PrimaryKey | Unique) and each.columns == constraint.columns for each in before
    )


def create_table(table: Table) -> tuple[str, ...]:
    """A table with everything but its foreign keys: they may point to a table that comes later.

    A constraint that is NOT VALID is added afterwards: in CREATE TABLE every one comes out validated.
    """
    own = [constraint for constraint in table.constraints if not isinstance(constraint, ForeignKey)]
    if table.inherits:
        own = [constraint for constraint in own if table.inherited_from(constraint.name) is None]
    later = [each for place, each in enumerate(own) if not is_validated(each) or _doubled(each, own[:place])]
    from_above = table.inherited_columns if table.inherits else ()
    inside = [column_definition(column) for column in table.columns if column.name not in from_above]
    inside += [constraint_definition(constraint) for constraint in own if constraint not in later]
    body = ",\n".join(f"    {line}" for line in inside)
    tail = f" INHERITS ({', '.join(map(qname, table.inherits))})" if table.inherits else ""
    tail += f" PARTITION BY {table.partition_key}" if table.partition_key else ""
    made = [f"CREATE TABLE {qname(table.name)} ({f'{chr(10)}{body}{chr(10)}' if inside else ''}){tail}"]
    for column in (each for each in table.columns if each.name in from_above and each.generated is None):
        alter = f"ALTER TABLE {qname(table.name)} ALTER COLUMN {ident(column.name)}"
        made += [f"{alter} SET DEFAULT {column.default}"] if column.default is not None else []
        made += [] if column.nullable else [f"{alter} SET NOT NULL"]
    made += [add_constraint(table.name, constraint) for constraint in later]
    made += [create_index(table.name, index) for index in table.indexes]
    return (*made, *table_comments(table))


def parents_first(tables: Iterable[Table]) -> tuple[Table, ...]:
    """The tables, each after those that it is a partition of or inherits from."""
    left = {each.name: each for each in tables}
    ordered: dict[QName, Table] = {}

    def place(table: Table) -> None:
        for parent in table.parents:
            if parent in left and parent not in ordered:
                place(left[parent])
        ordered.setdefault(table.name, table)

    for table in left.values():
        place(table)
    return tuple(ordered.values())


def create_partition(table: Table, place: PartitionOf, *, attached: bool) -> tuple[str, ...]:
    """A partition that takes what the table above has at the moment, and what it has of its own.

    Where it is not ``attached`` at once, it has the columns and checks, and gets the rest when it is.
    """
    key = f" PARTITION BY {table.partition_key}" if table.partition_key else ""
    keys: tuple[Constraint, ...] = (*table.checks, *table.uniques, *table.exclusions)
    own = [each for each in keys if table.inherited_from(each.name) is None]
    made = [f"CREATE TABLE {qname(table.name)} PARTITION OF {qname(place.parent)} {place.bound}{key}"]
    if not attached:
        taken = ("CONSTRAINTS", "DEFAULTS", "GENERATED", "STORAGE", "COMPRESSION")
        like = " ".join(f"INCLUDING {each}" for each in taken)
        made = [f"CREATE TABLE {qname(table.name)} (LIKE {qname(place.parent)} {like}){key}"]
    made += [add_constraint(table.name, each) for each in own]
    made += [create_index(table.name, each) for each in table.indexes if table.inherited_from(each.name) is None]
    if table.comment is not None:
        made.append(comment_on(CommentTarget.TABLE, table.name, "", table.comment))
    return tuple(made)


def attach_partition(table: QName, place: PartitionOf) -> str:
    """``ATTACH PARTITION``: what the table above has and the partition lacks is made, what both have is one thing."""
    return f"ALTER TABLE {qname(place.parent)} ATTACH PARTITION {qname(table)} {place.bound}"


def create_foreign_key(table: QName, key: ForeignKey) -> tuple[str, ...]:
    """A foreign key with its comment."""
    made: tuple[str, ...] = (add_constraint(table, key),)
    if key.comment is not None:
        made += (comment_on(CommentTarget.CONSTRAINT, table, key.name, key.comment),)
    return made


def create_schema(schema: Schema) -> tuple[str, ...]:
    """Statements for an empty database, in an order that works."""
    made = [create_namespace(namespace) for namespace in schema.namespaces]
    if schema.namespaces and all(namespace.name != "public" for namespace in schema.namespaces):
        made.append("DROP SCHEMA IF EXISTS public")
    made += [create_extension(extension, schema.namespaces) for extension in schema.extensions]
    made += [create_enum(enum) for enum in schema.enums]
    made += [create_sequence(sequence) for sequence in schema.sequences]
    for table in parents_first(schema.tables):
        made += create_table(table)
        if table.partition_of is not None:
            made.append(attach_partition(table.name, table.partition_of))
    made += [own_sequence(sequence) for sequence in schema.sequences if sequence.owned_by is not None]
    for table in reversed(parents_first(schema.tables)):
        for key in table.foreign_keys:
            made += create_foreign_key(table.name, key)
    for namespace in schema.namespaces:
        if namespace.comment is not None:
            made.append(comment_on(CommentTarget.SCHEMA, QName("", namespace.name), namespace.name, namespace.comment))
    for extension in schema.extensions:
        if extension.comment is not None:
            of = QName("", extension.name)
            made.append(comment_on(CommentTarget.EXTENSION, of, extension.name, extension.comment))
    for enum in schema.enums:
        if enum.comment is not None:
            made.append(comment_on(CommentTarget.TYPE, enum.name, "", enum.comment))
    for sequence in schema.sequences:
        if sequence.comment is not None:
            made.append(comment_on(CommentTarget.SEQUENCE, sequence.name, "", sequence.comment))
    return tuple(made)
