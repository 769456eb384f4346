"""Rollbacks of tables that are renamed: what they undo is undone once the table has its old name again."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.recipes.context import Context
from generator.model.plan import Action, Offenders, Stage, Step, Template, Undo


def guarded(step: Step, context: Context) -> Step:
    """What is undone in a table that has another name by then is undone: so a rollback can be run a second time."""
    if not context.renamed_tables or not isinstance(step.undo, Undo) or step.stage is not Stage.EXPAND:
        return step
    renamed = set(context.renamed_tables.values())
    actions = []
    for action in step.undo.actions:
        tables = {lock.table for statement in action.statements for lock in statement.locks}
        tables |= {gate.table for gate in _gates(action)}
        gone = [probes.absent(probes.relation_of_kind(table, "r")) for table in sorted(tables & renamed)]
        actions.append(_done_also(action, probes.either(action.done, *gone)) if gone else action)
    return replace(step, undo=replace(step.undo, actions=tuple(actions)))


def _gates(action: Action) -> Iterator[Offenders]:
    for statement in action.statements:
        if isinstance(statement.sql, Template) and isinstance(statement.sql.subject, Offenders):
            yield statement.sql.subject


def _done_also(action: Action, done: str) -> Action:
    """The action with another probe, which a gate looks at by itself."""
    statements = tuple(
        replace(each, sql=replace(each.sql, subject=replace(each.sql.subject, unless=done)))
        if isinstance(each.sql, Template) and isinstance(each.sql.subject, Offenders)
        else each
        for each in action.statements
    )
    return replace(action, statements=statements, done=done)
