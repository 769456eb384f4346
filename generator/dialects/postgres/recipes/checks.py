"""CHECK constraints: NOT VALID first, validated while the application works; a looser one costs nothing.

Until it is validated the constraint already refuses updates of rows that violate it, so those rows stop the script
before it is added.
"""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, qname
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    column_ref,
    constraint_ref,
    filled_ref,
    shown,
    stop_if,
)
from generator.dialects.postgres.statements import constraints
from generator.model.change import CheckAdded, CheckChanged, CheckDropped
from generator.model.plan import Action, Ref, Stage, Step, Undo
from generator.model.schema import Check, QName, Table


def add_check(change: CheckAdded, context: Context) -> Iterator[Step]:
    """Gate, NOT VALID, VALIDATE."""
    yield from _add(context.new.table(change.table), change.check, context)


def drop_check(change: CheckDropped, context: Context) -> Iterator[Step]:
    """At expand, since the new version may write what it forbids."""
    yield _drop(change.table, change.check, Stage.EXPAND)


def change_check(change: CheckChanged, context: Context) -> Iterator[Step]:
    """Another definition: the old one aside, the new one proved, then the old one goes. Validated only: VALIDATE."""
    old, new = change.old, change.new
    if old.definition == new.definition:
        yield _validated(change, context)
        return
    kept = aside(old.name, "old")
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Rename the check {old.name} of {change.table} to {kept}, so that the new one can have its name.",
        run=(
            action(
                constraints.rename_constraint(change.table, old.name, kept),
                probes.absent(probes.constraint_is(change.table, old.name, old.definition)),
            ),
        ),
        undo=Undo(
            actions=(
                action(
                    constraints.rename_constraint(change.table, kept, old.name),
                    probes.constraint(change.table, old.name),
                ),
            )
        ),
        makes=(Ref(kind="aside", of=change.table, name=old.name),),
    )
    yield from _add(context.new.table(change.table), new, context, Ref(kind="aside", of=change.table, name=old.name))
    yield _drop(change.table, old, Stage.VALIDATE, name=kept, needs=(constraint_ref(change.table, new.name),))


def expression_of(check: Check) -> str:
    """What stands between the parentheses of CHECK."""
    return check.definition.removeprefix("CHECK ").removesuffix(" NO INHERIT")


def check_actions(table: QName, check: Check) -> tuple[Action, ...]:
    """NOT VALID, then VALIDATE."""
    there = probes.constraint_is(table, check.name, check.definition)
    actions = (action(constraints.add_check_not_valid(table, check.name, check.definition), there),)
    if not check.validated:
        return actions
    valid = probes.constraint_validated(table, check.name, check.definition)
    return (*actions, action(constraints.validate_constraint(table, check.name), valid))


def _add(table: Table, check: Check, context: Context, *needs: Ref) -> Iterator[Step]:
    used = tuple(ref for name in check.columns for ref in (column_ref(table.name, name), filled_ref(table.name, name)))
    if check.validated:
        yield _gate(table, check, context, *used)
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Add the check {check.name} to {table.name}.",
        run=check_actions(table.name, check),
        undo=Undo(
            actions=(
                action(
                    constraints.drop_constraint(table.name, check.name),
                    probes.absent(probes.constraint(table.name, check.name)),
                ),
            )
        ),
        makes=(constraint_ref(table.name, check.name),),
        needs=(*used, *needs),
    )


def _gate(table: Table, check: Check, context: Context, *needs: Ref) -> Step:
    return stop_if(
        Stage.VALIDATE,
        table.name,
        f"Rows of {table.name} violate the check {check.name}",
        f"SELECT {shown(table, check.columns, table.name.name)} FROM {qname(table.name)}"
        f" WHERE NOT ({expression_of(check)})",
        f"Correct these rows so that {expression_of(check)} holds, then run this file again.",
        probes.constraint_validated(table.name, check.name, check.definition),
        context,
        *needs,
    )


def _drop(table: QName, check: Check, stage: Stage, *, name: str = "", needs: tuple[Ref, ...] = ()) -> Step:
    named = name or check.name
    back = Check(name=named, definition=check.definition, columns=check.columns, validated=check.validated)
    return Step(
        stage=stage,
        purpose=f"Drop the check {check.name} of {table}{' that was replaced' if name else ''}.",
        run=(action(constraints.drop_constraint(table, named), probes.absent(probes.constraint(table, named))),),
        undo=Undo(actions=check_actions(table, back), loses="stops if rows that violate it have been written"),
        needs=(Ref(kind="table", of=table), *needs),
    )


def _validated(change: CheckChanged, context: Context) -> Step:
    """From NOT VALID to validated; the way back is a new one that is NOT VALID."""
    table, old, new = change.table, change.old, change.new
    again = (
        constraints.drop_constraint(table, new.name),
        constraints.add_check_not_valid(table, old.name, old.definition),
    )
    validated = probes.constraint_validated(table, new.name, new.definition)
    if new.validated:
        return Step(
            stage=Stage.VALIDATE,
            purpose=f"Validate the check {new.name} of {table}.",
            run=(action(constraints.validate_constraint(table, new.name), validated),),
            undo=Undo(actions=(action(again, probes.absent(validated)),)),
        )
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Make the check {new.name} of {table} NOT VALID again.",
        run=(action(again, probes.absent(validated)),),
        undo=Undo(actions=(action(constraints.validate_constraint(table, new.name), validated),)),
    )
