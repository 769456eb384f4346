"""Changes that the recipe of another change sees to: the default of a retyped column, the sequence of an identity."""

from generator.dialects.postgres.names import literal, qname
from generator.dialects.postgres.recipes.below import comes_from_above
from generator.dialects.postgres.recipes.bounds import moves_rows
from generator.dialects.postgres.recipes.change_owner import rights_go_along
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.dependents import hangs_on_retyped
from generator.dialects.postgres.recipes.swaps import swap_around
from generator.model import change as c
from generator.model.schema import Constraint, Index, PrimaryKey, QName, Unique
from generator.model.uses import uses


def is_absorbed(change: c.Change, context: Context) -> bool:
    """Whether this change has no steps of its own."""
    if comes_from_above(change, context):
        return True
    match change:
        case c.TableAdded(table=table):
            return any(
                isinstance(each, c.PartitionBoundsChanged) and table.name in each.added and moves_rows(each, context)
                for each in context.changes
            )
        case c.DefaultChanged():
            return _of_identity(change, context) or _swaps(change.table, change.new.name, context=context)
        case c.IdentityChanged():
            return _swaps(change.table, change.new.name, context=context)
        case c.ColumnRequired():
            return _swaps(change.table, change.column.name, context=context)
        case c.ColumnOptional():
            key = context.old_table(change.table).primary_key
            name = change.column.name
            return key is not None and name in key.columns and _swaps(change.table, name, context=context)
        case c.SequenceAdded(sequence=sequence) | c.SequenceDropped(sequence=sequence):
            number = f"nextval({literal(qname(sequence.name))}::regclass)"
            return any(
                (isinstance(each, c.IdentityChanged) or (isinstance(each, c.ColumnRenamed) and _counts(each)))
                and (
                    number in (each.old.default, each.new.default)
                    or any(side.identity and side.identity.sequence == sequence.name for side in (each.old, each.new))
                )
                for each in context.changes
            )
        case c.OtherAdded(other=other):
            return rights_go_along(other, context)
        case c.OtherChanged(new=other) | c.OtherDropped(other=other):
            return hangs_on_retyped(other, context) or rights_go_along(other, context)
        case c.CommentChanged(target=c.CommentTarget.CONSTRAINT | c.CommentTarget.INDEX):
            return _comment_of_twin(change, context)
        case _:
            return bool(context.swaps) and _built_for_swap(change, context)


def _of_identity(change: c.DefaultChanged, context: Context) -> bool:
    return any(
        isinstance(each, c.IdentityChanged) and (each.table, each.new.name) == (change.table, change.new.name)
        for each in context.changes
    )


def _counts(change: c.ColumnRenamed) -> bool:
    return change.old.identity is not None or change.new.identity is not None


def _swaps(table: QName, *names: str, context: Context) -> bool:
    return swap_around(table, names, context) is not None


def _built_for_swap(change: c.Change, context: Context) -> bool:
    """An index or constraint that is there for the first time, or in another form, once its columns have moved."""
    thing: Constraint | Index
    match change:
        case c.IndexAdded(index=thing):
            # What makes rows unique the new version counts on before.
            if thing.unique:
                return False
        case c.IndexChanged(new=thing):
            pass
        case c.UniqueChanged(new=thing) | c.PrimaryKeyChanged(new=thing):
            if not _serves_before(change.table, thing, context):
                return False
        case c.CheckAdded(check=thing) | c.CheckChanged(new=thing):
            pass
        case c.ExclusionAdded(exclusion=thing) | c.ExclusionChanged(new=thing):
            pass
        case c.ForeignKeyAdded(key=thing) | c.ForeignKeyChanged(new=thing):
            if _swaps(thing.references, *thing.referenced_columns, context=context):
                return True
        case c.IndexRenamed(new=name) | c.ConstraintRenamed(new=name):
            table = context.new.table(change.table)
            thing = next(each for each in (*table.constraints, *table.indexes) if each.name == name)
        case _:
            return False
    return _swaps(change.table, *uses(thing), context=context)


def _serves_before(table: QName, key: PrimaryKey | Unique, context: Context) -> bool:
    """Whether the old schema has a key of the same columns that ON CONFLICT can use: the new version counts on it."""
    before = context.old_table(table)
    keys = (*((before.primary_key,) if before.primary_key else ()), *before.uniques)
    waits = "DEFERRABLE" in key.definition
    return any(
        set(each.columns) == set(key.columns) and (waits or "DEFERRABLE" not in each.definition) for each in keys
    )


def _comment_of_twin(change: c.CommentChanged, context: Context) -> bool:
    """A comment on what is built anew for a swap is set when it is built."""
    for swap in context.swaps:
        for name in swap.tables:
            table = context.new.table(name)
            if change.target is c.CommentTarget.INDEX and change.of.schema == name.schema:
                things: tuple[Constraint | Index, ...] = table.indexes
                wanted = change.of.name
            elif change.of == name:
                things, wanted = table.constraints, change.name
            else:
                continue
            if any(each.name == wanted and swap.moves(name, uses(each)) for each in things):
                return True
    return False
