"""What a plan fills and what it keeps alike, gathered from its steps."""

from collections.abc import Iterator

from generator.model.plan import Action, Filling, Mirror, Plan, Template, Undo


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
