"""What a plan fills, what it keeps alike and what it says it loses, gathered from its steps."""

from collections.abc import Iterator
from dataclasses import replace

from generator.model.answers import QuestionKind, key_of
from generator.model.plan import Action, CannotUndo, Filling, Mirror, Plan, Stage, Step, Template, Undo
from generator.model.schema import QName, Schema


def fillings_of(plan: Plan) -> tuple[Filling, ...]:
    """Every back-fill of a plan, once."""
    found: list[Filling] = []
    for subject in _subjects(plan):
        if isinstance(subject, Filling) and subject not in found:
            found.append(subject)
    return tuple(found)


def mirrors_of(plan: Plan) -> tuple[Mirror, ...]:
    """Every pair of columns that a plan keeps alike, once."""
    found: list[Mirror] = []
    for subject in _subjects(plan):
        if isinstance(subject, Mirror) and subject not in found:
            found.append(subject)
    return tuple(found)


def lost_columns(plan: Plan, old: Schema) -> frozenset[tuple[QName, str]]:
    """The old schema's columns whose values no rollback before cleanup brings back, as the plan itself says."""
    keys = {
        key_of(table.name, column.name): (table.name, column.name) for table in old.tables for column in table.columns
    }
    lost: set[tuple[QName, str]] = set()
    for step in plan.steps:
        if step.stage is Stage.CLEANUP or not _loses(step):
            continue
        lost.update(keys[each.key] for each in step.consents if each.kind is QuestionKind.LOSES and each.key in keys)
        fillings = [each for each in _subjects(replace(plan, steps=(step,))) if isinstance(each, Filling)]
        lost.update((each.table, each.column) for each in fillings if step.stage is Stage.BACKFILL)
    return frozenset(lost & set(keys.values()))


def _loses(step: Step) -> bool:
    return isinstance(step.undo, CannotUndo) or (isinstance(step.undo, Undo) and bool(step.undo.loses))


def _subjects(plan: Plan) -> Iterator[Filling | Mirror]:
    for step in plan.steps:
        actions: tuple[Action, ...] = step.run
        if isinstance(step.undo, Undo):
            actions += step.undo.actions
        for action in actions:
            for statement in action.statements:
                subject = statement.sql.subject if isinstance(statement.sql, Template) else None
                if isinstance(subject, Filling | Mirror):
                    yield subject
