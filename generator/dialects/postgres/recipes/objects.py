"""What is not a table: namespaces, enums and sequences. None of it touches a row."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import literal, qname
from generator.dialects.postgres.recipes.context import Context, action, column_ref, object_ref, table_ref
from generator.dialects.postgres.statements import objects
from generator.model.change import (
    ColumnRenamed,
    CommentTarget,
    EnumAdded,
    EnumDropped,
    EnumValueAdded,
    NamespaceAdded,
    NamespaceDropped,
    SequenceAdded,
    SequenceChanged,
    SequenceDropped,
    SequenceRenamed,
)
from generator.model.plan import Action, CannotUndo, Ref, Stage, Statement, Step, Undo
from generator.model.schema import QName, Sequence


def _made(
    purpose: str, make: tuple[Statement, ...], there: str, drop: Statement, ref: Ref, needs: tuple[Ref, ...] = ()
) -> Step:
    """Something that expand makes and whose undo drops it."""
    return Step(
        stage=Stage.EXPAND,
        purpose=purpose,
        run=(action(make, there),),
        undo=Undo(actions=(action(drop, probes.absent(there)),)),
        makes=(ref,),
        needs=needs,
    )


def _dropped(purpose: str, drop: Statement, there: str, *make: Statement) -> Step:
    """Something that cleanup drops, when nothing that was kept can use it any more."""
    return Step(
        stage=Stage.CLEANUP,
        purpose=purpose,
        run=(action(drop, probes.absent(there)),),
        undo=Undo(actions=(action(make, there),)),
    )


def _commented(make: Statement, target: CommentTarget, of: QName, comment: str | None) -> tuple[Statement, ...]:
    return (make,) if comment is None else (make, objects.comment_on(target, of, of.name, comment))


def add_namespace(change: NamespaceAdded, context: Context) -> Iterator[Step]:
    """CREATE SCHEMA."""
    name = change.namespace.name
    of = QName("", name)
    make = _commented(objects.create_namespace(name), CommentTarget.SCHEMA, of, change.namespace.comment)
    there = probes.namespace(name)
    yield _made(f"Create the schema {name}.", make, there, objects.drop_namespace(name), object_ref(of))


def drop_namespace(change: NamespaceDropped, context: Context) -> Iterator[Step]:
    """At the very end, when nothing is in it."""
    name = change.namespace.name
    make = _commented(objects.create_namespace(name), CommentTarget.SCHEMA, QName("", name), change.namespace.comment)
    yield _dropped(f"Drop the schema {name}.", objects.drop_namespace(name), probes.namespace(name), *make)


def add_enum(change: EnumAdded, context: Context) -> Iterator[Step]:
    """CREATE TYPE."""
    enum = change.enum
    make = _commented(objects.create_enum(enum), CommentTarget.TYPE, enum.name, enum.comment)
    yield _made(
        f"Create the enum {enum.name}.",
        make,
        probes.type_(enum.name),
        objects.drop_type(enum.name),
        object_ref(enum.name),
        (object_ref(QName("", enum.name.schema)),),
    )


def drop_enum(change: EnumDropped, context: Context) -> Iterator[Step]:
    """At cleanup, when no column that was kept uses it."""
    enum = change.enum
    make = _commented(objects.create_enum(enum), CommentTarget.TYPE, enum.name, enum.comment)
    yield _dropped(f"Drop the enum {enum.name}.", objects.drop_type(enum.name), probes.type_(enum.name), *make)


def add_enum_value(change: EnumValueAdded, context: Context) -> Iterator[Step]:
    """Committed before anything uses it; PostgreSQL has no statement that takes it out again."""
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Add the value {change.value} to the enum {change.enum}.",
        run=(
            action(
                objects.add_enum_value(change.enum, change.value, change.before),
                probes.enum_value(change.enum, change.value),
            ),
        ),
        undo=CannotUndo(
            because=f"PostgreSQL cannot take a value out of an enum: {change.value} stays in {change.enum}, unused"
        ),
        makes=(object_ref(change.enum), Ref(kind="enum value", of=change.enum, name=change.value)),
        needs=(Ref(kind="values kept", of=change.enum),) if change.enum in context.types.names else (),
    )


def add_sequence(change: SequenceAdded, context: Context) -> Iterator[Step]:
    """Made first; owned by its column once that is there."""
    sequence = change.sequence
    make = _commented(objects.create_sequence(sequence), CommentTarget.SEQUENCE, sequence.name, sequence.comment)
    yield _made(
        f"Create the sequence {sequence.name}.",
        make,
        probes.relation_of_kind(sequence.name, "S"),
        objects.drop_sequence(sequence.name),
        object_ref(sequence.name),
        (object_ref(QName("", sequence.name.schema)),),
    )
    if sequence.owned_by is not None:
        yield _owner(sequence, None, context)


def _owner(sequence: Sequence, before: tuple[QName, str] | None, context: Context) -> Step:
    """The new owner; undone to the one before."""
    owner = sequence.owned_by
    needs = (column_ref(*owner), table_ref(owner[0])) if owner else ()
    return Step(
        stage=Stage.EXPAND,
        purpose=f"Let {'no column' if owner is None else f'{owner[0]}.{owner[1]}'} own the sequence {sequence.name}.",
        run=(_own(sequence.name, owner),),
        undo=Undo(actions=(_own(sequence.name, before),)),
        needs=(object_ref(sequence.name), *needs),
    )


def _own(sequence: QName, owner: tuple[QName, str] | None) -> Action:
    owned = (
        "SELECT FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid"
        f" WHERE d.classid = 'pg_class'::regclass AND d.objid = to_regclass({literal(qname(sequence))})"
        " AND d.deptype = 'a'"
    )
    if owner is None:
        return action(objects.own_sequence(sequence, None), f"NOT EXISTS ({owned})")
    table, column = owner
    return action(
        objects.own_sequence(sequence, owner),
        f"EXISTS ({owned} AND d.refobjid = to_regclass({literal(qname(table))}) AND a.attname = {literal(column)})",
    )


def change_sequence(change: SequenceChanged, context: Context) -> Iterator[Step]:
    """Options and owner; where it stands is kept."""
    old, new = change.old, change.new
    named = [
        each.old.name
        for each in context.changes
        if isinstance(each, SequenceRenamed) and each.sequence.name == new.name
    ]
    if named:
        # It gets its new name at contract, and may be in another namespace already.
        old, new = (replace(each, name=QName(new.name.schema, named[0])) for each in (old, new))
    if old.options != new.options:
        yield Step(
            stage=Stage.EXPAND,
            purpose=f"Change the options of the sequence {new.name}.",
            run=(action(objects.alter_sequence(new), _options_are(new)),),
            undo=Undo(actions=(action(objects.alter_sequence(old), _options_are(old)),)),
        )
    if old.owned_by != new.owned_by and not _follows(old, new, context):
        yield _owner(new, old.owned_by, context)


def _follows(old: Sequence, new: Sequence, context: Context) -> bool:
    """Whether its column gets another name, and takes it along at contract."""
    return any(
        isinstance(each, ColumnRenamed)
        and (old.owned_by, new.owned_by) == ((each.table, each.old.name), (each.table, each.new.name))
        for each in context.changes
    )


def _options_are(sequence: Sequence) -> str:
    options = sequence.options
    return (
        f"EXISTS (SELECT FROM pg_sequence WHERE seqrelid = to_regclass({literal(qname(sequence.name))})"
        f" AND seqtypid = {literal(options.type)}::regtype"
        f" AND (seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle) = ({options.start}, {options.increment},"
        f" {options.minimum}, {options.maximum}, {options.cache}, {str(options.cycle).lower()}))"
    )


def rename_sequence(change: SequenceRenamed, context: Context) -> Iterator[Step]:
    """At contract, since the old version may call it by its name. It has moved with its table to another namespace."""
    new = change.sequence.name
    old = QName(new.schema, change.old.name)
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Rename the sequence {old} to {new}.",
        run=(action(objects.rename_sequence(old, new.name), probes.relation_of_kind(new, "S")),),
        undo=Undo(actions=(action(objects.rename_sequence(new, old.name), probes.relation_of_kind(old, "S")),)),
    )


def drop_sequence(change: SequenceDropped, context: Context) -> Iterator[Step]:
    """At cleanup; one that a dropped column owned is then gone already."""
    name = change.sequence.name
    yield Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop the sequence {name}.",
        run=(action(objects.drop_sequence(name), probes.absent(probes.relation(name))),),
        undo=CannotUndo(because=f"where {name} stood is gone"),
    )
