"""CHECK constraints: NOT VALID first, validated while the application works; a looser one costs nothing.

Until it is validated the constraint already refuses updates of rows that violate it, so those rows stop the script
before it is added.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, qname
from generator.dialects.postgres.recipes.comments import said_again
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
    """Another definition: the new one beside the old one, then in its place. Validated only: VALIDATE."""
    old, new = change.old, change.new
    if old.definition == new.definition:
        yield _validated(change, context)
        return
    table, built = context.new.table(change.table), replace(new, name=aside(new.name, "new"))
    yield from _add(table, built, context, shown_as=new.name)
    is_old = probes.constraint_is(table.name, old.name, old.definition)
    is_new = probes.constraint_is(table.name, new.name, new.definition)
    again = (
        constraints.rename_constraint(table.name, new.name, built.name),
        constraints.add_check_not_valid(table.name, old.name, old.definition),
    )
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Let the new check have the place and the name of {old.name} of {table.name}.",
        run=(
            action(
                (
                    constraints.drop_constraint(table.name, old.name),
                    constraints.rename_constraint(table.name, built.name, new.name),
                ),
                is_new,
            ),
            *said_again(table.name, new),
        ),
        undo=Undo(
            actions=(action(again, is_old), *check_actions(table.name, old)[1:], *said_again(table.name, old)),
            loses=f"rows that violate the old {old.name} and were written since: it stops until they are corrected",
        ),
        makes=(constraint_ref(table.name, new.name),),
        needs=(constraint_ref(table.name, built.name),),
    )


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


def _add(table: Table, check: Check, context: Context, *, shown_as: str = "") -> Iterator[Step]:
    used = tuple(ref for name in check.columns for ref in (column_ref(table.name, name), filled_ref(table.name, name)))
    if check.validated:
        yield _gate(table, check, context, *used)
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Add the check {shown_as or check.name} to {table.name}{', as ' + check.name if shown_as else ''}.",
        run=_unless(check_actions(table.name, check), table.name, shown_as, check),
        undo=Undo(
            actions=(
                action(
                    constraints.drop_constraint(table.name, check.name),
                    probes.absent(probes.constraint_is(table.name, check.name, check.definition)),
                ),
            )
        ),
        makes=(constraint_ref(table.name, check.name),),
        needs=used,
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


def _unless(actions: tuple[Action, ...], table: QName, name: str, check: Check) -> tuple[Action, ...]:
    """The same actions, also done once the check has the name under which it is to be known."""
    if not name:
        return actions
    named = probes.constraint_is(table, name, check.definition)
    return tuple(replace(each, done=probes.either(each.done, named)) for each in actions)


def _drop(table: QName, check: Check, stage: Stage) -> Step:
    return Step(
        stage=stage,
        purpose=f"Drop the check {check.name} of {table}.",
        run=(
            action(constraints.drop_constraint(table, check.name), probes.absent(probes.constraint(table, check.name))),
        ),
        undo=Undo(
            actions=(*check_actions(table, check), *said_again(table, check)),
            loses="rows that violate it and were written since: it stops until they are corrected",
        ),
        needs=(Ref(kind="table", of=table),),
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
            undo=Undo(actions=(action(again, probes.absent(validated)), *said_again(table, old))),
        )
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Make the check {new.name} of {table} NOT VALID again.",
        run=(action(again, probes.absent(validated)), *said_again(table, new)),
        undo=Undo(actions=(action(constraints.validate_constraint(table, new.name), validated),)),
    )
