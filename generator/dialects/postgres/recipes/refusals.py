"""What is not written, why, and what to do instead: in one place, looked at before any recipe runs."""

from collections.abc import Iterator

from generator.dialects.postgres.recipes.context import Context
from generator.model import change as c
from generator.model.answers import Refusal
from generator.model.schema import QName


def refusals_of(change: c.Change, context: Context) -> Iterator[Refusal]:
    """Why this change is not written; nothing where it is."""
    match change:
        case c.ColumnTypeChanged():
            yield from _retype(change, context)
        case c.ColumnRenamed():
            yield from _rename(change, context)
        case c.GeneratedChanged():
            yield from _generated(change, context)
        case c.PrimaryKeyChanged() | c.PrimaryKeyDropped():
            yield from _referenced_key(change, context)
        case _:
            return


def _retype(change: c.ColumnTypeChanged, context: Context) -> Iterator[Refusal]:
    fact = context.facts.retypes.get((change.table, change.new.name))
    if fact is not None and not fact.rewrites:
        return
    yield Refusal(
        what=f"{change.table}.{change.new.name}: {change.old.type} becomes {change.new.type}",
        because="the values are stored in another form, so PostgreSQL rewrites the whole table while nobody can use it",
        way_out="add a column of the new type under another name, fill it from the old one by [backfill], move the"
        " application over and drop the old one: each of these is a change that is written",
    )


def _rename(change: c.ColumnRenamed, context: Context) -> Iterator[Refusal]:
    table = context.old_table(change.table)
    name = change.old.name
    reasons = []
    if table.primary_key is not None and name in table.primary_key.columns:
        reasons.append("it is part of the primary key")
    if change.old.identity is not None or change.new.identity is not None:
        reasons.append("it is an identity column")
    if change.old.generated is not None or change.new.generated is not None:
        reasons.append("it is a generated column")
    referenced = any(
        key.references == table.name and name in key.referenced_columns
        for each in context.old.tables
        for key in each.foreign_keys
    )
    if referenced:
        reasons.append("foreign keys refer to it")
    if reasons:
        yield Refusal(
            what=f"{change.table}.{name}: renamed to {change.new.name}",
            because=f"{' and '.join(reasons)}, so it cannot be two columns for a while",
            way_out="keep the name in the database and map it in the models (a column may have another attribute name)",
        )


def _generated(change: c.GeneratedChanged, context: Context) -> Iterator[Refusal]:
    """Dropping the column and adding it again would take along what hangs on it."""
    table = context.new.table(change.table)
    hangs = [each.name for each in (*table.constraints, *table.indexes) if change.new.name in each.columns]
    again = change.old.generated is None or change.new.generated is None or context.version < 17
    if hangs and again and not (change.new.generated is None and change.old.generated and change.old.generated.stored):
        yield Refusal(
            what=f"{change.table}.{change.new.name}: another way of being generated",
            because=f"the column has to be dropped and added again, and {', '.join(hangs)} would go with it",
            way_out="add the generated column under another name and drop this one in a later change",
        )


def _referenced_key(change: c.PrimaryKeyChanged | c.PrimaryKeyDropped, context: Context) -> Iterator[Refusal]:
    """A foreign key that stays needs the key that goes."""
    table, key = change.table, change.old if isinstance(change, c.PrimaryKeyChanged) else change.key
    for each in context.new.tables:
        for foreign in each.foreign_keys:
            refers = foreign.references == table and set(foreign.referenced_columns) == set(key.columns)
            if refers and _stays(each.name, foreign.name, context):
                yield Refusal(
                    what=f"{table}: primary key ({', '.join(key.columns)}) changed or dropped",
                    because=f"the foreign key {foreign.name} of {each.name} refers to it",
                    way_out="make these columns UNIQUE and move the foreign key in a change before, then change the key",
                )


def _stays(table: QName, name: str, context: Context) -> bool:
    return not any(
        isinstance(change, c.ForeignKeyAdded) and change.table == table and change.key.name == name
        for change in context.changes
    )
