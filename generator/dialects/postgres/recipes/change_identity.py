"""Identity columns: attached to a column, taken off, or of another kind, with their numbers carried over.

ADD GENERATED and DROP IDENTITY are changes in the catalog. ALWAYS comes at contract, since it refuses the numbers that
the old version may still give; BY DEFAULT comes at expand.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, literal, qname
from generator.dialects.postgres.recipes.context import Context, action, needs_of_column
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import columns, objects
from generator.model.change import IdentityChanged
from generator.model.plan import CannotUndo, Ref, Stage, Statement, Step, Undo
from generator.model.schema import Column, QName, Schema, Sequence


def change_identity(change: IdentityChanged, context: Context) -> Iterator[Step]:
    """To, from and between identity kinds; the numbers go on where they were."""
    if change.old.identity is None:
        yield from _become_identity(change, context)
    elif change.new.identity is None:
        yield _lose_identity(change, context)
    else:
        yield from _alter_identity(change)


def _become_identity(change: IdentityChanged, context: Context) -> Iterator[Step]:
    """BY DEFAULT at expand; ALWAYS, which refuses what the old version may still write, at contract."""
    table, old, new = change.table, change.old, change.new
    assert new.identity is not None
    former = _sequence_of_default(old, context.old)
    gentle = replace(new.identity, always=False)
    add = columns.add_identity(table, new.name, gentle, had_default=old.default is not None)
    there: tuple[Statement, ...] = (
        add,
        objects.continue_sequence(new.identity.sequence, table, new.name, finds=context.finds(table, new.name)),
    )
    back: tuple[Statement, ...] = (columns.drop_identity(table, new.name),)
    kept = None
    if former is not None:
        # The identity's sequence may want the name of the one before, which is kept under another until cleanup.
        kept = QName(former.name.schema, aside(former.name.name, "old"))
        there = (objects.rename_sequence(former.name, kept.name), add, _carry(new.identity.sequence, kept))
        back = (
            _carry(kept, new.identity.sequence),
            columns.drop_identity(table, new.name),
            objects.rename_sequence(kept, former.name.name),
        )
    if old.default is not None:
        back = (*back, columns.set_default(table, new.name, old.default))
    identity = probes.column(table, new.name, "attidentity <> ''")
    # An identity column has to be NOT NULL, which it is made in validate.
    step = Step(
        stage=Stage.VALIDATE if old.nullable else Stage.EXPAND,
        purpose=f"Turn {table}.{new.name} into an identity column that goes on where its numbers are.",
        run=(action(there, identity),),
        undo=Undo(actions=(action(back, probes.absent(identity)),)),
        makes=(Ref(kind="identity", of=table, name=new.name),),
        needs=(Ref(kind="table", of=table), Ref(kind="required", of=table, name=new.name)),
    )
    yield needs_window(step, table, f"finding the highest {new.name}, which no index has, reads the whole table")
    if new.identity.always:
        yield _kind(table, new)
    if kept is not None and former is not None:
        yield Step(
            stage=Stage.CLEANUP,
            purpose=f"Drop the sequence that {table}.{new.name} had before.",
            run=(action(objects.drop_sequence(kept), probes.absent(probes.relation(kept))),),
            undo=CannotUndo(because=f"the identity column has taken over the numbers of {former.name}"),
        )


def _carry(to: QName, source: QName) -> Statement:
    """Sets one sequence to the value of another."""
    return Statement(sql=f"SELECT setval({literal(qname(to))}, last_value, is_called) FROM {qname(source)}")


def _sequence_of_default(column: Column, schema: Schema) -> Sequence | None:
    """The sequence whose nextval is the column's default."""
    for sequence in schema.sequences:
        if column.default == f"nextval({literal(qname(sequence.name))}::regclass)":
            return sequence
    return None


def _kind(table: QName, new: Column) -> Step:
    """ALWAYS at contract."""
    assert new.identity is not None
    back = replace(new.identity, always=False)
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Let {table}.{new.name} take only numbers of its own (GENERATED ALWAYS).",
        run=(action(columns.alter_identity(table, new.name, new.identity), _identity_probe(table, new)),),
        undo=Undo(
            actions=(
                action(
                    columns.alter_identity(table, new.name, back), _identity_probe(table, replace(new, identity=back))
                ),
            )
        ),
        needs=(Ref(kind="identity", of=table, name=new.name),),
    )


def _lose_identity(change: IdentityChanged, context: Context) -> Step:
    """At contract: the old version counts on its numbers. A sequence that takes over goes on where they are."""
    table, old, new = change.table, change.old, change.new
    assert old.identity is not None
    identity = old.identity.sequence
    none = probes.identity_is(table, new.name, "")
    heir = _sequence_of_default(new, context.new)
    drop = columns.drop_identity(table, new.name)
    add = columns.add_identity(table, new.name, old.identity, had_default=new.default is not None)
    there: tuple[Statement, ...] = (drop,)
    back: tuple[Statement, ...] = (
        add,
        objects.continue_sequence(identity, table, new.name, finds=context.finds(table, new.name)),
    )
    if heir is not None:
        interim = QName(heir.name.schema, aside(heir.name.name, "new"))
        there = (
            objects.create_sequence(replace(heir, name=interim)),
            _carry(interim, identity),
            drop,
            objects.rename_sequence(interim, heir.name.name),
            columns.set_default(table, new.name, new.default),
            objects.own_sequence(heir.name, heir.owned_by),
        )
        back = (
            objects.own_sequence(heir.name, None),
            objects.rename_sequence(heir.name, interim.name),
            add,
            _carry(identity, interim),
            objects.drop_sequence(interim),
        )
    elif new.default is not None:
        there = (drop, columns.set_default(table, new.name, new.default))
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop the identity of {table}.{new.name}"
        f"{f'; {heir.name} numbers it from where it is' if heir else ''}.",
        run=(action(there, none),),
        undo=Undo(
            actions=(action(back, probes.absent(none)),),
            loses="" if heir else "where the numbers stood: they go on after the highest one in the table",
        ),
        makes=(Ref(kind="identity", of=table, name=new.name),),
        needs=needs_of_column(table, new, context.new),
    )


def _alter_identity(change: IdentityChanged) -> Iterator[Step]:
    """Options in place. To ALWAYS at contract, since the old version may give numbers of its own; else at expand."""
    table, old, new = change.table, change.old, change.new
    assert old.identity is not None
    assert new.identity is not None
    stricter = new.identity.always and not old.identity.always
    yield Step(
        stage=Stage.CONTRACT if stricter else Stage.EXPAND,
        purpose=f"Change the identity of {table}.{new.name}.",
        run=(action(columns.alter_identity(table, new.name, new.identity), _identity_probe(table, new)),),
        undo=Undo(
            actions=(action(columns.alter_identity(table, new.name, old.identity), _identity_probe(table, old)),)
        ),
        needs=(Ref(kind="table", of=table),),
    )


def _identity_probe(table: QName, column: Column) -> str:
    """Kind and options are the wanted ones."""
    assert column.identity is not None
    options = column.identity.options
    return probes.both(
        probes.identity_is(table, column.name, "a" if column.identity.always else "d"),
        "EXISTS (SELECT FROM pg_sequence WHERE seqrelid ="
        f" pg_get_serial_sequence({literal(qname(table))}, {literal(column.name)})::regclass"
        f" AND (seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle) = ({options.start}, {options.increment},"
        f" {options.minimum}, {options.maximum}, {options.cache}, {str(options.cycle).lower()}))",
    )
