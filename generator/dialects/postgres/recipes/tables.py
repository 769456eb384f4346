"""Whole tables: made at once, renamed behind a view, and set aside before they are dropped."""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.create import create_table
from generator.dialects.postgres.names import aside
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    needs_of_column,
    object_ref,
    others_in,
    table_ref,
)
from generator.dialects.postgres.statements import tables
from generator.dialects.postgres.versions import has_security_invoker_views
from generator.model.change import TableAdded, TableDropped, TableRenamed
from generator.model.plan import CannotUndo, Ref, Stage, Statement, Step, Undo
from generator.model.schema import QName


def add_table(change: TableAdded, context: Context) -> Iterator[Step]:
    """Nobody knows it yet, so it comes whole; its foreign keys are steps of their own."""
    table = change.table
    needs = {ref for column in table.columns for ref in needs_of_column(table.name, column, context.new)}
    needs |= {ref for check in table.checks for ref in others_in(check.definition, context.new)}
    needs |= {ref for index in table.indexes for ref in others_in(index.body, context.new)}
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Create the table {table.name}.",
        run=(
            action(
                tuple(Statement(sql=sql) for sql in create_table(table)),
                probes.relation_of_kind(table.name, "r"),
                (
                    probes.both(probes.relation(table.name), probes.absent(probes.relation_of_kind(table.name, "r"))),
                    f"{table.name} is there, but it is no table",
                ),
            ),
        ),
        undo=Undo(
            actions=(action(tables.drop_table(table.name), probes.absent(probes.relation(table.name))),),
            loses=f"the rows of {table.name}",
        ),
        makes=(table_ref(table.name),),
        needs=(
            *sorted(needs - {table_ref(table.name)}),
            object_ref(QName("", table.name.schema)),
        ),
    )


def drop_table(change: TableDropped, context: Context) -> Iterator[Step]:
    """A rename at contract, which costs nothing and is undone at once; dropped in cleanup."""
    table = change.table.name
    kept = QName(table.schema, aside(table.name, "dropped"))
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Set the table {table} aside as {kept.name}: its rows stay until cleanup.",
        run=(action(tables.rename_table(table, kept.name), probes.absent(probes.relation(table))),),
        undo=Undo(actions=(action(tables.rename_table(kept, table.name), probes.relation(table)),)),
        makes=(Ref(kind="gone", of=table),),
        needs=(Ref(kind="fk gone", of=table),),
    )
    yield Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop what was kept of the table {table}.",
        run=(action(tables.drop_table(kept), probes.absent(probes.relation(kept))),),
        undo=CannotUndo(because=f"the rows of {table} are gone for good"),
        makes=(Ref(kind="dropped", of=table),),
        needs=(Ref(kind="gone", of=table),),
    )


def rename_table(change: TableRenamed, context: Context) -> Iterator[Step]:
    """The new name at once, and under the old one a view, through which the old version reads and writes."""
    old, new = change.old, change.table.name
    names = tuple(column.name for column in context.old.table(old).columns)
    view = tables.create_view(old, new, names, security_invoker=has_security_invoker_views(context.version))
    there = tables.rename_behind_view(old, new, names, security_invoker=has_security_invoker_views(context.version))
    is_table = probes.relation_of_kind(new, "r")
    has_view = probes.relation_of_kind(old, "v")
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Rename the table {old} to {new}; the old version works through a view under the old name.",
        run=(action(there, is_table),),
        undo=Undo(
            actions=(action((tables.drop_view(old), tables.move_table(new, old)), probes.relation_of_kind(old, "r")),)
        ),
        makes=(table_ref(new),),
        needs=(object_ref(QName("", new.schema)),),
    )
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop the view under the old name {old}.",
        run=(action(tables.drop_view(old), probes.absent(has_view)),),
        undo=Undo(actions=(action(view, has_view),)),
        needs=(table_ref(new),),
    )
