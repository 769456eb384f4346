"""A column under another name, with both versions of the application at work.

A view under the table's name would do for a moment, but breaks COPY, ON CONFLICT ON CONSTRAINT, new foreign keys and
pg_get_serial_sequence. So the new name is a second column; a trigger keeps both the same in both directions, and what
the old one has is copied in batches. At contract the old one is set aside, still kept the same, so that the way back
loses nothing; cleanup drops it.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, helper, ident
from generator.dialects.postgres.recipes.context import Context, action, column_ref, filled_ref, needs_of_column
from generator.dialects.postgres.recipes.fill_column import copy_column
from generator.dialects.postgres.recipes.require_column import require_column
from generator.dialects.postgres.statements import columns, objects, triggers
from generator.model.answers import Conversion, key_of
from generator.model.change import ColumnRenamed, CommentTarget
from generator.model.plan import Action, CannotUndo, Mirror, Ref, Stage, Statement, Step, Template, Undo
from generator.model.schema import Column, QName, Table


def rename_column(change: ColumnRenamed, context: Context) -> Iterator[Step]:
    """Second column, mirror, copy, constraints by changes of their own, old one aside, old one dropped."""
    table, old, new = context.new.table(change.table), change.old, change.new
    kept = aside(old.name, "dropped")
    mirror = mirror_of(table, old, new, context)
    yield from mirrored(table, new, mirror, context)
    yield from copy_column(table, new, mirror, context)
    if not new.nullable:
        yield from require_column(table, new.name, context)
    gone = replace(mirror, old_column=kept)
    swap = [columns.rename_column(table.name, old.name, kept), function_of(gone)]
    back = [columns.rename_column(table.name, kept, old.name), function_of(mirror)]
    if new.default is not None:
        swap.append(columns.set_default(table.name, new.name, new.default))
        back.append(columns.set_default(table.name, new.name, None))
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Set {table.name}.{old.name} aside as {kept}, kept the same as {new.name} until cleanup.",
        run=(action(swap, probes.absent(probes.column(table.name, old.name))),),
        undo=Undo(actions=(action(back, probes.column(table.name, old.name)),)),
        makes=(Ref(kind="gone", of=table.name, name=old.name),),
        needs=(column_ref(table.name, new.name), filled_ref(table.name, new.name)),
    )
    yield drop_mirrored(table.name, kept, old.name, mirror)


def mirror_of(table: Table, old: Column, new: Column, context: Context) -> Mirror:
    """How values go from the old column to the new one and back: as they are, or by the answered conversion."""
    answer = context.answers.conversions.get(key_of(table.name, new.name))
    forward, back = ident(old.name), ident(new.name)
    if answer is not None:
        return _mirror(table, old, new, answer, context)
    if old.type != new.type:
        forward, back = f"({forward})::{new.type}", f"({back})::{old.type}"
    return _mirror(table, old, new, Conversion(using=forward, back=back), context)


def _mirror(table: Table, old: Column, new: Column, conversion: Conversion, context: Context) -> Mirror:
    return Mirror(
        table=table.name,
        old_column=old.name,
        new_column=new.name,
        forward=conversion.using,
        back=conversion.back,
        helpers=helper(table.name.name, new.name),
        search_path=context.facts.search_path,
    )


def names_of(mirror: Mirror) -> tuple[QName, str]:
    """The function of a mirror and its trigger."""
    return QName(mirror.table.schema, f"{mirror.helpers}_mirror"), f"{mirror.helpers}_mirror"


def function_of(mirror: Mirror) -> Statement:
    """CREATE OR REPLACE FUNCTION: no lock on the table."""
    return Statement(sql=Template(name="mirror_function.sql.j2", subject=mirror))


def mirrored(table: Table, new: Column, mirror: Mirror, context: Context) -> Iterator[Step]:
    """The second column and the trigger, in one transaction: at no moment is only one of them written."""
    plain = replace(new, nullable=True, default=None, identity=None)
    function, trigger = names_of(mirror)
    statements = [
        columns.add_column(table.name, plain),
        function_of(mirror),
        triggers.create_trigger(table.name, trigger, "BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW", function),
    ]
    if new.comment is not None:
        statements.append(objects.comment_on(CommentTarget.COLUMN, table.name, new.name, new.comment))
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Add {table.name}.{new.name} beside {mirror.old_column}; a trigger keeps the two the same.",
        run=(action(statements, probes.trigger(table.name, trigger)),),
        undo=Undo(
            actions=(
                action(
                    (
                        triggers.drop_trigger(table.name, trigger),
                        triggers.drop_function(function),
                        columns.drop_column(table.name, new.name),
                    ),
                    probes.absent(probes.column(table.name, new.name)),
                ),
            )
        ),
        makes=(column_ref(table.name, new.name),),
        needs=needs_of_column(table.name, new, context.new),
    )


def drop_mirrored(table: QName, kept: str, shown: str, mirror: Mirror) -> Step:
    """The trigger and the column that was kept, in cleanup."""
    function, trigger = names_of(mirror)
    actions: tuple[Action, ...] = (
        action(
            (triggers.drop_trigger(table, trigger), triggers.drop_function(function), columns.drop_column(table, kept)),
            probes.absent(probes.column(table, kept)),
        ),
    )
    return Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop what was kept of {table}.{shown}, and the trigger that kept it.",
        run=actions,
        undo=CannotUndo(because=f"{table}.{shown} is gone; its values are in {mirror.new_column}"),
        needs=(Ref(kind="gone", of=table, name=shown),),
    )
