"""A column goes: first the application need not write it, then it is set aside, and only cleanup drops it.

A rename is a change in the catalog, so setting aside costs nothing and brings every value back when it is undone.
"""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, ident, qname
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    computed_gone,
    hanging_refs,
    is_row,
    shown,
    stop_if,
)
from generator.dialects.postgres.recipes.dependents import computed_from
from generator.dialects.postgres.recipes.require_column import is_null, optional_action, required_actions
from generator.dialects.postgres.statements import columns
from generator.model.change import ColumnDropped
from generator.model.plan import Action, CannotUndo, Ref, Stage, Step, Undo
from generator.model.schema import Column, QName, Table


def drop_column(change: ColumnDropped, context: Context) -> Iterator[Step]:
    """Optional in expand, aside in contract, dropped in cleanup."""
    table, column = context.new.table(change.table), change.column
    before = context.old_table(change.table)
    in_key = before.primary_key is not None and column.name in before.primary_key.columns
    given = column.default is not None or column.identity is not None or column.generated is not None
    if not column.nullable and not given and not in_key:
        yield make_optional(before, change.table, column, context, stage=Stage.EXPAND)
    elif not column.nullable and not given and in_key:
        yield make_optional(before, change.table, column, context, stage=Stage.CONTRACT)
    kept = aside(column.name, "dropped")
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Set {table.name}.{column.name} aside as {kept}: its values stay until cleanup.",
        run=(
            action(
                columns.rename_column(table.name, column.name, kept),
                probes.absent(probes.column(table.name, column.name)),
            ),
        ),
        undo=Undo(
            actions=(
                action(
                    columns.rename_column(table.name, kept, column.name),
                    probes.column(table.name, column.name),
                ),
            ),
            loses=f"rows written after contract have no {table.name}.{column.name}",
        ),
        makes=(Ref(kind="gone", of=table.name, name=column.name),),
        needs=(*hanging_refs(table.name, (column.name,)), Ref(kind="old name gone", of=table.name)),
    )
    yield Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop what was kept of {table.name}.{column.name}.",
        run=(action(columns.drop_column(table.name, kept), probes.absent(probes.column(table.name, kept))),),
        undo=CannotUndo(because=f"the values of {table.name}.{column.name} are gone for good"),
        makes=(
            Ref(kind="dropped", of=table.name),
            *(computed_gone(table.name, name) for name in computed_from(table.name, column.name, context)),
        ),
        needs=(Ref(kind="gone", of=table.name, name=column.name), computed_gone(table.name, column.name)),
    )


def make_optional(before: Table, table: QName, column: Column, context: Context, *, stage: Stage) -> Step:
    """DROP NOT NULL, so that the new version may leave the column out; undone only while no row has."""
    return Step(
        stage=stage,
        purpose=f"Let {table}.{column.name} be NULL.",
        run=(optional_action(table, column.name),),
        undo=Undo(
            actions=(
                require_again(before, table, column.name, context),
                *required_actions(table, column.name, context.version, row=is_row(column.type, context)),
            ),
            loses=f"rows without {table}.{column.name} that were written since: it stops until they are corrected",
        ),
        makes=(Ref(kind="optional", of=table, name=column.name),),
        needs=(Ref(kind="table", of=table),),
    )


def require_again(before: Table, table: QName, name: str, context: Context) -> Action:
    """The gate of an undo which makes a column NOT NULL again."""
    missing = is_null(before.column(name).type, context)
    step = stop_if(
        Stage.EXPAND,
        table,
        f"Rows of {table} have no {name}",
        f"SELECT {shown(before, (name,))} FROM {qname(table)} AS this WHERE this.{ident(name)} {missing}",
        f"Give these rows a value for {name}, then run this file again.",
        probes.required(table, name, context.version),
        context,
    )
    return step.run[0]
