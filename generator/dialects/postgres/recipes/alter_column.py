"""What changes on a column that stays: its NOT NULL and its default. Changes in the catalog, both."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.recipes.context import Context, action, needs_of_column
from generator.dialects.postgres.recipes.drop_column import make_optional
from generator.dialects.postgres.statements import columns, objects
from generator.model.change import ColumnOptional, DefaultChanged
from generator.model.plan import Ref, Stage, Step, Undo


def column_optional(change: ColumnOptional, context: Context) -> Iterator[Step]:
    """DROP NOT NULL: at expand, or, where the old primary key asks for NOT NULL, once that is gone."""
    before = context.old_table(change.table)
    in_key = before.primary_key is not None and change.column.name in before.primary_key.columns
    step = make_optional(before, change.table, change.column, context, stage=Stage.CONTRACT if in_key else Stage.EXPAND)
    yield replace(step, needs=(*step.needs, Ref(kind="key gone", of=change.table))) if in_key else step


def change_default(change: DefaultChanged, context: Context) -> Iterator[Step]:
    """A new default at expand, since the new version counts on it; a default goes at contract, when nobody does."""
    table, old, new = change.table, change.old, change.new
    statements = [columns.set_default(table, new.name, new.default)]
    for sequence in context.new.sequences:
        if sequence.owned_by == (table, new.name) and sequence not in context.old.sequences:
            statements.append(objects.continue_sequence(sequence.name, table, new.name))
    yield Step(
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
