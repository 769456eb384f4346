"""What changes on a column that stays: its NOT NULL and its default. Changes in the catalog, both."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.recipes.context import Context, action, needs_of_column
from generator.dialects.postgres.recipes.drop_column import make_optional
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import columns, objects
from generator.model.change import ColumnOptional, DefaultChanged
from generator.model.plan import Ref, Stage, Step, Undo


def column_optional(change: ColumnOptional, context: Context) -> Iterator[Step]:
    """DROP NOT NULL: at expand, or, where the old primary key or identity asks for NOT NULL, once that is gone."""
    before, name = context.old_table(change.table), change.column.name
    in_key = before.primary_key is not None and name in before.primary_key.columns
    counted = any(each.name == name and each.identity is not None for each in before.columns)
    late = in_key or counted
    step = make_optional(before, change.table, change.column, context, stage=Stage.CONTRACT if late else Stage.EXPAND)
    gone = [Ref(kind="key gone", of=change.table)] if in_key else []
    gone += [Ref(kind="identity", of=change.table, name=name)] if counted else []
    yield replace(step, needs=(*step.needs, *gone))


def change_default(change: DefaultChanged, context: Context) -> Iterator[Step]:
    """A new default at expand, since the new version counts on it; a default goes at contract, when nobody does."""
    table, old, new = change.table, change.old, change.new
    statements = [columns.set_default(table, new.name, new.default)]
    for sequence in context.new.sequences:
        if sequence.owned_by == (table, new.name) and sequence not in context.old.sequences:
            statements.append(
                objects.continue_sequence(sequence.name, table, new.name, finds=context.finds(table, new.name))
            )
    step = Step(
        stage=Stage.CONTRACT if new.default is None else Stage.EXPAND,
        purpose=f"Drop the default of {table}.{new.name}."
        if new.default is None
        else f"Set the default of {table}.{new.name} to {new.default}.",
        run=(action(statements, probes.default_is(table, new.name, new.default)),),
        undo=Undo(
            actions=(
                action(
                    columns.set_default(table, new.name, old.default), probes.default_is(table, new.name, old.default)
                ),
            )
        ),
        needs=needs_of_column(table, new, context.new),
    )
    yield needs_window(step, table, f"finding the highest {new.name}, which no index has, reads the whole table")
