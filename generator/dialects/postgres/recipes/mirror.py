"""Two columns which hold the same while both versions of the application write: what renaming and retyping share."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.expressions import Row, resolve, with_column
from generator.dialects.postgres.locks import share_row_exclusive
from generator.dialects.postgres.names import ident
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    column_ref,
    computed_gone,
    is_row,
    needs_of_column,
    switch_off,
    works,
)
from generator.dialects.postgres.recipes.domain_columns import added, asked, nature_of
from generator.dialects.postgres.statements import columns, objects, triggers
from generator.diff.likeness import bare_type
from generator.errors import BadInput
from generator.model.answers import key_of
from generator.model.change import CommentTarget
from generator.model.plan import Action, CannotUndo, Mirror, Ref, Stage, Statement, Step, Template, Undo
from generator.model.schema import Column, QName, Table

_WITHOUT_EQUALITY = frozenset(("json", "xml", "point", "polygon"))
"""PostgreSQL's own types that have no ``=``: their texts are compared."""


def mirror_of(table: Table, old: Column, new: Column, second: str, context: Context) -> Mirror:
    """How values go from the old column to the second one and back: as they are, by a cast, or by the answer."""
    answer = context.answers.conversions.get(key_of(table.name, new.name))
    forward, back = ident(old.name), ident(second)
    if answer is not None:
        # In the answer the column has its own name on both sides; here the new values are the second column's.
        forward, back = answer.using, with_column(answer.back or "", new.name, second)
        if context.types.of(new.type) is not None:
            # The answer knows the type by the name that the old one still has.
            forward = f"({forward})::text{'[]' if new.type.endswith('[]') else ''}::{new.type}"
    elif (through := context.types.through(forward, old.type, new.type, back=False)) is not None:
        forward, back = through, context.types.through(back, new.type, old.type, back=True) or ""
    elif old.type != new.type:
        fact = context.facts.retypes.get((table.name, new.name))
        forward = f"({forward})::{new.type}"
        back = f"({back})::{old.type}" if fact is None or fact.casts_back else ""
    filled = value_of_empty(table, new, context)
    if filled is not None:
        forward = f"coalesce({forward}, {filled})"
    return Mirror(
        table=table.name,
        old_column=old.name,
        new_column=second,
        forward=forward,
        back=back or None,
        helpers=context.helper(table.name, new.name),
        search_path=context.facts.search_path,
        by_text=context.types.of(new.type) is not None
        or bool(_WITHOUT_EQUALITY & {bare_type(each.type) for each in (old, new)}),
        by_row=is_row(new.type, context),
    )


def value_of_empty(table: Table, new: Column, context: Context) -> str | None:
    """What a row gets that has nothing in the old column, where that is answered: the two are then filled alike."""
    backfill = context.backfills.get((table.name, new.name))
    if backfill is None or not backfill.value:
        return None
    key = key_of(table.name, new.name)
    where = context.answers.origin.get(key, f"the back-fill of {key}")
    if backfill.source is not None:
        raise BadInput(
            f"{where}: {key} is filled from {backfill.source} while it gets another name or type",
            "Do it in two changes: first the name or the type, then NOT NULL with its back-fill.",
        )
    names = tuple(each.name for each in context.old_table(table.name).columns)
    return resolve(backfill.value, {table.name.name: Row(alias="", columns=names)}, f"{where}: value").sql


def moved(mirror: Mirror, old: str, new: str) -> Mirror:
    """The same mirror after one of its columns got another name."""
    return replace(
        mirror,
        old_column=new if mirror.old_column == old else mirror.old_column,
        new_column=new if mirror.new_column == old else mirror.new_column,
        forward=with_column(mirror.forward, old, new),
        back=None if mirror.back is None else with_column(mirror.back, old, new),
    )


def settled(mirror: Mirror, context: Context) -> Mirror:
    """The same mirror once the names of replaced types have changed places."""
    back = None if mirror.back is None else context.types.settled(mirror.back)
    return replace(mirror, forward=context.types.settled(mirror.forward), back=back)


def names_of(mirror: Mirror) -> tuple[QName, str]:
    """The function of a mirror, and its trigger."""
    name = f"{mirror.helpers}_mirror"
    return QName(mirror.table.schema, name), name


def function_of(mirror: Mirror) -> Statement:
    """CREATE OR REPLACE FUNCTION: takes no lock on the table."""
    return Statement(sql=Template(name="mirror_function.sql.j2", subject=mirror))


def add_mirrored(table: Table, new: Column, mirror: Mirror, context: Context) -> Iterator[Step]:
    """The second column, then the trigger: what is written between the two the back-fill copies."""
    second = replace(new, name=mirror.new_column, nullable=True, default=None, identity=None)
    function, trigger = names_of(mirror)
    # A default of its type's own would go to every row, and could not be told from a value that was given.
    domain = nature_of(second.type, context)
    plain = columns.add_column_with_default(table.name, replace(second, default="NULL"))
    made = [
        added(plain if domain.default else columns.add_column(table.name, second), table.name, second.type, context)
    ]
    if new.comment is not None:
        made.append(objects.comment_on(CommentTarget.COLUMN, table.name, second.name, new.comment))
    kept_alike = (
        function_of(mirror),
        Statement(sql=Template(name="mirror_trigger.sql.j2", subject=mirror), locks=(share_row_exclusive(table.name),)),
    )
    step = Step(
        stage=Stage.EXPAND,
        purpose=f"Add {table.name}.{second.name} ({context.types.said(new.type)}) beside {mirror.old_column};"
        " a trigger keeps the two the same.",
        run=(
            action(made, probes.column(table.name, second.name)),
            action(kept_alike, works(table.name, function)),
        ),
        undo=Undo(
            actions=(
                switch_off(table.name, function),
                action(
                    (
                        triggers.drop_trigger(table.name, trigger),
                        triggers.drop_function(function),
                        columns.drop_column(table.name, second.name),
                    ),
                    probes.absent(probes.column(table.name, second.name)),
                ),
            )
        ),
        makes=(column_ref(table.name, second.name),),
        needs=needs_of_column(table.name, new, context.new),
    )
    yield asked(step, table.name, new.name, second.type)


def defaults_of(table: QName, new: Column, context: Context) -> tuple[list[Statement], list[Statement]]:
    """What gives the column its default when the mirror need not tell it from a value any more; and what takes it."""
    if new.default is None and not nature_of(new.type, context).default:
        return [], []
    there = columns.set_default(table, new.name, new.default)
    return [there], [columns.set_default(table, new.name, "NULL" if new.default is None else None)]


def drop_mirrored(table: QName, kept: str, shown: str, mirror: Mirror, *before: Action) -> Step:
    """The trigger and the column that was kept, with what hangs on it, in cleanup."""
    function, trigger = names_of(mirror)
    drop = (
        triggers.drop_trigger(table, trigger),
        triggers.drop_function(function),
        columns.drop_column(table, kept),
    )
    return Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop what was kept of {table}.{shown}, and the trigger that kept it.",
        run=(*before, action(drop, probes.absent(probes.column(table, kept)))),
        undo=CannotUndo(because=f"what {table}.{shown} was before is gone"),
        makes=(Ref(kind="dropped", of=table),),
        needs=(Ref(kind="gone", of=table, name=shown), computed_gone(table, shown)),
    )
