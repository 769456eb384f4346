"""What a table below has of its own, and the table above gets or loses: PostgreSQL makes the two one."""

from collections.abc import Iterator

from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.tree import THINGS, called
from generator.dialects.postgres.versions import has_not_null_not_valid
from generator.model import change as c
from generator.model.answers import Refusal
from generator.model.schema import QName


def passed_on(change: c.Change, context: Context) -> Iterator[Refusal]:
    """Why it is not written that a table gets, or loses, what one below it has before, or keeps."""
    yield from _things(change, context)
    match change:
        case c.ColumnRequired(table=table, column=column) if not has_not_null_not_valid(context.version):
            below = {each.name for each in context.new.below(table)}
            for name in _required_below(table, column.name, context, new=False):
                if name in below:
                    yield Refusal(
                        what=f"{table}.{column.name} becomes NOT NULL, and {name} has that already",
                        because=f"PostgreSQL {context.version} would take it from {name} as well on the way back",
                        way_out=f"let {column.name} of {name} be NULL in a change before this one",
                    )
        case c.ColumnOptional(table=table, column=column):
            for name in _required_below(table, column.name, context, new=True):
                yield Refusal(
                    what=f"{table}.{column.name} may be NULL, and not in {name}",
                    because=f"PostgreSQL would take NOT NULL from {name} as well",
                    way_out=f"let it be NULL in {name} as well, and make it NOT NULL there in a change after this one",
                )


def _required_below(table: QName, column: str, context: Context, *, new: bool) -> Iterator[QName]:
    """The tables that were below it and have the column NOT NULL, before or after."""
    own = {each.name: each for each in (context.new if new else context.before).tables}
    for each in context.before.below(table):
        if new and not each.partition_of and has_not_null_not_valid(context.version):
            continue  # it has a constraint of its own, which stays
        found = own.get(each.name)
        if found is not None and found.has_column(column) and not found.column(column).nullable:
            yield each.name


def _things(change: c.Change, context: Context) -> Iterator[Refusal]:
    """A constraint or index of a partition is part of the one above once that is there, and goes when that goes."""
    match change:
        case c.CheckAdded() | c.UniqueAdded() | c.PrimaryKeyAdded() | c.ExclusionAdded() | c.IndexAdded():
            own, below = context.before, context.new
        case c.ForeignKeyAdded(on_new_table=False):
            own, below = context.before, context.new
        case c.CheckDropped() | c.UniqueDropped() | c.PrimaryKeyDropped() | c.ExclusionDropped() | c.IndexDropped():
            own, below = context.new, context.before
        case c.ForeignKeyDropped():
            own, below = context.new, context.before
        case _:
            return
    thing = called(change, THINGS)
    if thing is None:
        return
    # Checks go at expand, before a partition leaves.
    had = {each.name: each for each in own.tables if each.partition_of or isinstance(change, c.CheckDropped)}
    names = {change.table: thing.name}
    for part in below.below(change.table):
        place = part.partition_of
        name = next((each.name for each in part.inherited if place and each.of == names.get(place.parent)), None)
        if name is None:
            continue
        names[part.name] = name
        before = had.get(part.name)
        if before is None or before.inherited_from(name) is not None:
            continue
        if any(each.name == name for each in (*before.constraints, *before.indexes)):
            added = own is context.before
            yield Refusal(
                what=f"{change.table}: {thing.name} is new, and {part.name} has {name} of its own"
                if added
                else f"{change.table}: {thing.name} is gone, and {part.name} keeps {name}",
                because=f"{name} of {part.name} {'becomes' if added else 'is'} part of it, and would go with it"
                f"{' on the way back' if added else ''}",
                way_out=f"drop {name} of {part.name} in a change before this one"
                if added
                else f"drop it in this change, and add {name} to {part.name} in a change after it",
            )
