"""Whole tables: made at once, renamed behind a view, and set aside before they are dropped."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.create import attach_partition, create_partition, create_table
from generator.dialects.postgres.locks import access_exclusive, share_row_exclusive, share_update_exclusive
from generator.dialects.postgres.names import aside
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    needs_of_column,
    object_ref,
    others_in,
    table_ref,
)
from generator.dialects.postgres.recipes.partitions import left_ref, references_of, sibling
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import constraints, partitions, tables
from generator.dialects.postgres.versions import has_security_invoker_views
from generator.model.change import PartitionBoundsChanged, TableAdded, TableDropped, TableRenamed
from generator.model.plan import CannotUndo, LockMode, Pace, Ref, Stage, Statement, Step, Undo
from generator.model.schema import PartitionOf, QName, Table


def add_table(change: TableAdded, context: Context) -> Iterator[Step]:
    """Nobody knows it yet, so it comes whole; its foreign keys are steps of their own."""
    table = change.table
    kind = "p" if table.partition_key else "r"
    needs = {ref for column in table.columns for ref in needs_of_column(table.name, column, context.new)}
    needs |= {ref for check in table.checks for ref in others_in(check.definition, context.new)}
    needs |= {ref for index in table.indexes for ref in others_in(index.body, context.new)}
    needs |= {table_ref(parent) for parent in table.parents}
    late = table.name in context.facts.overlapping
    if late and table.partition_of is not None:
        needs.add(left_ref(table.partition_of.parent))
    step = Step(
        stage=Stage.CONTRACT if late else Stage.EXPAND,
        purpose=f"Create the table {table.name}.",
        run=(
            action(
                tuple(_made(table, context)),
                probes.relation_of_kind(table.name, kind),
                (
                    probes.both(probes.relation(table.name), probes.absent(probes.relation_of_kind(table.name, kind))),
                    f"{table.name} is there, but it is no table",
                ),
            ),
        ),
        undo=Undo(
            actions=(action(tuple(_unmade(table, context)), probes.absent(probes.relation(table.name))),),
            loses="" if _default(table, context) else f"the rows of {table.name}",
        ),
        makes=(table_ref(table.name),),
        needs=(
            *sorted(needs - {table_ref(table.name)}),
            object_ref(QName("", table.name.schema)),
        ),
    )
    default = _default(table, context)
    if default is not None:
        step = needs_window(step, default, f"moving the rows of {default} that belong into {table.name} reads it")
    yield step


def _default(table: Table, context: Context) -> QName | None:
    """The default partition that is there and may hold rows of the one that is new."""
    place = table.partition_of
    if place is None or not context.was_there(place.parent):
        return None
    return sibling(context, place.parent, but=table.name)


def _made(table: Table, context: Context) -> Iterator[Statement]:
    """The table; a partition is attached, since CREATE TABLE … PARTITION OF would stop all who use the table above."""
    place, default = table.partition_of, _default(table, context)
    if place is not None and _is_changed(place.parent, context):
        at_once = default is None
        above = tuple(share_row_exclusive(each) for each in _referred(place.parent, context))
        for sql in create_partition(table, place, attached=at_once):
            made = at_once and sql.startswith("CREATE TABLE")
            yield Statement(sql=sql, locks=(*above, access_exclusive(place.parent)) if made else ())
        if at_once:
            return
    else:
        for sql in create_table(table):
            inherits = table.inherits if sql.startswith("CREATE TABLE") else ()
            there = tuple(each for each in inherits if context.was_there(each))
            yield Statement(sql=sql, locks=tuple(share_update_exclusive(each) for each in there))
    if place is None:
        return
    if default is not None:
        yield constraints.lock_tables((default,), LockMode.ACCESS_EXCLUSIVE)
        yield partitions.move_rows(default, table.name, _moved(table, place, context), place.holds)
    if not context.was_there(place.parent):
        yield Statement(sql=attach_partition(table.name, place))
        return
    pace = Pace.INSTANT if default is None else Pace.WINDOW
    yield partitions.attach_partition(
        table.name, place, pace=pace, default=default, is_new=True, references=_referred(place.parent, context)
    )


def _moved(table: Table, place: PartitionOf, context: Context) -> tuple[str, ...]:
    """The columns with which rows come from a default partition, and go back to it: those that are there by then."""
    like = context.old_table(place.parent) if _is_changed(place.parent, context) else table
    return tuple(column.name for column in like.columns if column.generated is None)


def _referred(table: QName, context: Context) -> tuple[QName, ...]:
    """What the foreign keys refer to that the table had before."""
    keys = context.old_table(table).foreign_keys
    return tuple(dict.fromkeys(context.renamed_tables.get(key.references, key.references) for key in keys))


def _is_changed(parent: QName, context: Context) -> bool:
    """Whether the table above changes as well: then a partition takes what it has at the moment, and follows it."""
    places = TableAdded | TableDropped | TableRenamed | PartitionBoundsChanged
    return context.was_there(parent) and any(
        getattr(each, "table", None) == parent and not isinstance(each, places) for each in context.changes
    )


def _unmade(table: Table, context: Context) -> Iterator[Statement]:
    """Rows that came from a default partition go back to it."""
    default, place = _default(table, context), table.partition_of
    if default is not None and place is not None:
        yield partitions.detach_partition(table.name, place, default=default)
        yield partitions.move_rows(table.name, place.parent, _moved(table, place, context), "true")
        yield tables.drop_table(table.name)
    else:
        there = place is not None and context.was_there(place.parent)
        yield tables.drop_table(table.name, above=(place.parent,) if there and place is not None else ())


def drop_table(change: TableDropped, context: Context) -> Iterator[Step]:
    """A rename at contract, which costs nothing and is undone at once; dropped in cleanup."""
    table = change.table.name
    kept = QName(table.schema, aside(table.name, "dropped"))
    place = change.table.partition_of
    there: tuple[Statement, ...] = (tables.rename_table(table, kept.name),)
    back: tuple[Statement, ...] = (tables.rename_table(kept, table.name),)
    stays = place is not None and any(each.name == place.parent for each in context.new.tables)
    if place is not None and stays:
        default = sibling(context, place.parent, but=table)
        # Nobody knows it under its other name, so it is read in peace; its default sibling is not.
        again = partitions.attach_partition(kept, place, pace=Pace.WINDOW, default=default)
        before = context.old_table(table)
        keys = [key for key in before.foreign_keys if before.inherited_from(key.name)]
        references = references_of(before)
        again = replace(again, locks=(*again.locks, *(share_row_exclusive(each) for each in references)))
        there = (
            partitions.detach_partition(table, place, default=default, references=references),
            *(constraints.drop_foreign_key(table, key.name, key.references) for key in keys),
            *there,
        )
        back = (again, *back)
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Set the table {table} aside as {kept.name}: its rows stay until cleanup.",
        run=(action(there, probes.absent(probes.relation(table))),),
        undo=Undo(actions=(action(back, probes.relation(table)),)),
        makes=(Ref(kind="gone", of=table), *((left_ref(place.parent),) if place is not None and stays else ())),
        needs=(Ref(kind="fk gone", of=table),),
    )
    if place is not None and not stays:
        return  # it goes with the one above
    below = context.old.below(table)
    goes = tuple(QName(each.name.schema, aside(each.name.name, "dropped")) for each in below if each.partition_of)
    drop = tables.drop_table(kept)
    drop = replace(drop, locks=(*drop.locks, *(access_exclusive(each) for each in goes)))
    yield Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop what was kept of the table {table}.",
        run=(action(drop, probes.absent(probes.relation(kept))),),
        undo=CannotUndo(because=f"the rows of {table} are gone for good"),
        makes=(Ref(kind="dropped", of=table),),
        needs=(
            Ref(kind="gone", of=table),
            *(Ref(kind="dropped", of=each.name) for each in context.old.tables if table in each.parents),
        ),
    )


def rename_table(change: TableRenamed, context: Context) -> Iterator[Step]:
    """The new name at once, and under the old one a view, through which the old version reads and writes."""
    old, new = change.old, change.table.name
    names = tuple(column.name for column in context.old.table(old).columns)
    view = tables.create_view(old, new, names, security_invoker=has_security_invoker_views(context.version))
    there = tables.rename_behind_view(old, new, names, security_invoker=has_security_invoker_views(context.version))
    kind = "p" if change.table.partition_key else "r"
    is_table = probes.relation_of_kind(new, kind)
    has_view = probes.relation_of_kind(old, "v")
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Rename the table {old} to {new}; the old version works through a view under the old name.",
        run=(action(there, is_table),),
        undo=Undo(
            actions=(action((tables.drop_view(old), tables.move_table(new, old)), probes.relation_of_kind(old, kind)),)
        ),
        makes=(table_ref(new),),
        needs=(object_ref(QName("", new.schema)),),
    )
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop the view under the old name {old}.",
        run=(action(tables.drop_view(old), probes.absent(has_view)),),
        undo=Undo(actions=(action(view, has_view),)),
        makes=(Ref(kind="old name gone", of=new),),
        needs=(table_ref(new),),
    )
