"""Exclusion constraints: PostgreSQL can neither build one concurrently nor add one NOT VALID."""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.recipes.comments import said_again
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    column_ref,
    constraint_ref,
    filled_ref,
    hanging_refs,
    table_ref,
)
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import constraints
from generator.model.change import ExclusionAdded, ExclusionChanged, ExclusionDropped
from generator.model.plan import Action, Stage, Step, Undo
from generator.model.schema import Exclusion, QName


def add_exclusion(change: ExclusionAdded, context: Context) -> Iterator[Step]:
    """In a window; it fails, and changes nothing, where rows exclude each other."""
    yield _add(change.table, change.exclusion)


def drop_exclusion(change: ExclusionDropped, context: Context) -> Iterator[Step]:
    """At contract; its way back needs a window as well."""
    table, exclusion = change.table, change.exclusion
    step = Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop the exclusion constraint {exclusion.name} of {table}.",
        run=(_drop_action(table, exclusion.name),),
        undo=Undo(
            actions=(_add_action(table, exclusion), *said_again(table, exclusion)),
            loses="rows that exclude each other and were written since: it stops until they are corrected;"
            " it reads the table while nobody can use it",
        ),
        makes=hanging_refs(table, exclusion.columns),
        needs=(table_ref(table),),
    )
    yield step


def change_exclusion(change: ExclusionChanged, context: Context) -> Iterator[Step]:
    """Old out and new in, in one transaction."""
    table, old, new = change.table, change.old, change.new
    step = Step(
        stage=Stage.VALIDATE,
        purpose=f"Replace the exclusion constraint {old.name} of {table}.",
        run=(
            action(
                (
                    constraints.drop_constraint(table, old.name),
                    constraints.add_constraint(table, new.name, new.definition),
                ),
                probes.constraint_is(table, new.name, new.definition),
            ),
            *said_again(table, new),
        ),
        undo=Undo(
            actions=(
                action(
                    (
                        constraints.drop_constraint(table, new.name),
                        constraints.add_constraint(table, old.name, old.definition),
                    ),
                    probes.constraint_is(table, old.name, old.definition),
                ),
                *said_again(table, old),
            ),
            loses="rows that exclude each other and were written since: it stops until they are corrected",
        ),
        makes=(constraint_ref(table, new.name),),
        needs=tuple(ref for name in new.columns for ref in (column_ref(table, name), filled_ref(table, name))),
    )
    yield needs_window(step, table, f"replacing the exclusion constraint {old.name} reads the whole table")


def _add_action(table: QName, exclusion: Exclusion) -> Action:
    return action(
        constraints.add_constraint(table, exclusion.name, exclusion.definition),
        probes.constraint_is(table, exclusion.name, exclusion.definition),
    )


def _drop_action(table: QName, name: str) -> Action:
    return action(constraints.drop_constraint(table, name), probes.absent(probes.constraint(table, name)))


def _add(table: QName, exclusion: Exclusion) -> Step:
    step = Step(
        stage=Stage.VALIDATE,
        purpose=f"Add the exclusion constraint {exclusion.name} to {table}.",
        run=(_add_action(table, exclusion),),
        undo=Undo(actions=(_drop_action(table, exclusion.name),)),
        makes=(constraint_ref(table, exclusion.name),),
        needs=(
            table_ref(table),
            *(ref for name in exclusion.columns for ref in (column_ref(table, name), filled_ref(table, name))),
        ),
    )
    return needs_window(step, table, f"adding the exclusion constraint {exclusion.name} reads the whole table")
