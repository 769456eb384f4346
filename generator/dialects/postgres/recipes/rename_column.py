"""A column under another name, with both versions of the application at work.

A view under the table's name would do for a moment, but breaks COPY, ON CONFLICT ON CONSTRAINT, new foreign keys and
pg_get_serial_sequence. So the new name is a second column; a trigger keeps both the same in both directions, and what
the old one has is copied in batches. At contract the old one is set aside, still kept the same, so that the way back
loses nothing; cleanup drops it.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    column_ref,
    filled_ref,
    hanging_refs,
    is_row,
    needs_of_column,
)
from generator.dialects.postgres.recipes.drop_column import make_optional
from generator.dialects.postgres.recipes.fill_column import copy_column
from generator.dialects.postgres.recipes.mirror import (
    add_mirrored,
    defaults_of,
    drop_mirrored,
    function_of,
    mirror_of,
    moved,
    settled,
)
from generator.dialects.postgres.recipes.moved_column import fits_again
from generator.dialects.postgres.recipes.numbers import numbers_of
from generator.dialects.postgres.recipes.require_column import require_column, required_actions
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import columns, objects
from generator.model.answers import key_of
from generator.model.change import ColumnRenamed
from generator.model.plan import Action, Mirror, Ref, Stage, Step, Undo


def rename_column(change: ColumnRenamed, context: Context) -> Iterator[Step]:
    """Second column, mirror, copy, constraints by changes of their own, old one aside, old one dropped."""
    table, old, new = context.new.table(change.table), change.old, change.new
    kept = aside(old.name, "dropped")
    mirror = mirror_of(table, old, new, new.name, context)
    late = new.nullable and not old.nullable and _has_to_be_required(change, context)
    if new.nullable and not old.nullable and not late:
        yield make_optional(context.old_table(table.name), table.name, old, context, stage=Stage.EXPAND)
    early = _default_meanwhile(change, mirror, context)
    if early is not None:
        yield _given_early(change, early, context)
    yield from add_mirrored(table, new, mirror, context)
    yield from copy_column(table, new, mirror, context)
    if not new.nullable:
        yield from require_column(table, new.name, context)
    numbers, as_before = numbers_of(table.name, old, new, context), old.type == new.type
    aside_now = replace(settled(moved(mirror, old.name, kept), context), lenient=not as_before)
    given, taken = defaults_of(table.name, new, context)
    swap = [columns.rename_column(table.name, old.name, kept), function_of(aside_now)]
    swap += [*numbers.forth(table.name, kept, new.name), *given]
    back = [*taken, columns.rename_column(table.name, kept, old.name), function_of(mirror)]
    back += numbers.back(table.name, old.name, new.name)
    if meanwhile := early or old.default:
        swap.append(columns.set_default(table.name, kept, None))
        back.append(columns.set_default(table.name, old.name, meanwhile))
    there = probes.column(table.name, old.name)
    before_back: tuple[Action, ...] = ()
    if not as_before or late:
        # What the new type holds and the old one does not leaves the old column empty: the way back stops at it.
        before_back = (fits_again(table.name, old, new, kept, context, required=late),)
        if late or (not old.nullable and not new.nullable):
            swap.append(columns.drop_not_null(table.name, kept))
            required = required_actions(table.name, kept, context.version, row=is_row(old.type, context))
            before_back += tuple(replace(each, done=probes.either(each.done, there)) for each in required)
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Set {table.name}.{old.name} aside as {kept}, kept the same as {new.name} until cleanup.",
        run=(action(swap, probes.absent(there)),),
        undo=Undo(actions=(*before_back, action(back, there))),
        makes=(Ref(kind="gone", of=table.name, name=old.name),),
        needs=(
            column_ref(table.name, new.name),
            filled_ref(table.name, new.name),
            *hanging_refs(table.name, (old.name,)),
            Ref(kind="old name gone", of=table.name),
        ),
    )
    yield drop_mirrored(table.name, kept, old.name, mirror)


def _default_meanwhile(change: ColumnRenamed, mirror: Mirror, context: Context) -> str | None:
    """The new default as one of the old column, where it has another or none: the new version counts on it before it
    can be the new column's, where the trigger could not tell it from a value that was given."""
    old, new = change.old, change.new
    if new.default is None or new.default == old.default or old.identity is not None:
        return None
    if old.type == new.type:
        return new.default
    answered = key_of(change.table, new.name) in context.answers.conversions
    return f"({new.default})::{old.type}" if old.default is None and mirror.back and not answered else None


def _given_early(change: ColumnRenamed, default: str, context: Context) -> Step:
    table, old, new = change.table, change.old, change.new
    statements = [columns.set_default(table, old.name, default)]
    for sequence in context.new.sequences:
        if sequence.owned_by == (table, new.name) and sequence not in context.old.sequences:
            finds = context.finds(table, new.name)
            statements.append(objects.continue_sequence(sequence.name, table, old.name, finds=finds))
    is_it = probes.default_is(table, old.name, default)
    given = probes.column(table, old.name, "atthasdef")
    back = probes.default_is(table, old.name, old.default)
    there = probes.absent(probes.column(table, old.name))
    step = Step(
        stage=Stage.EXPAND,
        purpose=f"Let {table}.{old.name} have the default of {new.name} as well, {new.default}.",
        run=(action(statements, probes.either(is_it if old.type == new.type else given, there)),),
        undo=Undo(actions=(action(columns.set_default(table, old.name, old.default), back),)),
        needs=needs_of_column(table, new, context.new),
    )
    return needs_window(step, table, f"finding the highest {old.name}, which no index has, reads the whole table")


def _has_to_be_required(change: ColumnRenamed, context: Context) -> bool:
    """Whether the old column is NOT NULL as long as it has its name: a primary key or an identity asks for it."""
    key = context.old_table(change.table).primary_key
    return change.old.identity is not None or (key is not None and change.old.name in key.columns)
