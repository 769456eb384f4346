"""Changes that the recipe of another change sees to: the default of a retyped column, the sequence of an identity."""

from generator.dialects.postgres.names import literal, qname
from generator.dialects.postgres.recipes.context import Context
from generator.model import change as c


def is_absorbed(change: c.Change, context: Context) -> bool:
    """Whether this change has no steps of its own."""
    match change:
        case c.DefaultChanged():
            return any(_takes_default(each, change, context) for each in context.changes)
        case c.SequenceAdded(sequence=sequence) | c.SequenceDropped(sequence=sequence):
            number = f"nextval({literal(qname(sequence.name))}::regclass)"
            return any(
                isinstance(each, c.IdentityChanged)
                and (
                    number in (each.old.default, each.new.default)
                    or any(side.identity and side.identity.sequence == sequence.name for side in (each.old, each.new))
                )
                for each in context.changes
            )
        case _:
            return False


def _takes_default(each: c.Change, change: c.DefaultChanged, context: Context) -> bool:
    if isinstance(each, c.IdentityChanged):
        return (each.table, each.new.name) == (change.table, change.new.name)
    if isinstance(each, c.ColumnTypeChanged):
        same = (each.table, each.new.name) == (change.table, change.new.name)
        return same and context.facts.retypes[each.table, each.new.name].rewrites
    return False
