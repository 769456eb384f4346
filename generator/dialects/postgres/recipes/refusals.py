"""What is not written, why, and what to do instead: in one place, looked at before any recipe runs."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres.recipes.change_generated import is_set_in_place
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.dependents import REBUILT
from generator.dialects.postgres.recipes.domain_columns import nature_of
from generator.dialects.postgres.recipes.replace_type import columns_of
from generator.dialects.postgres.recipes.swaps import swap_around
from generator.diff.domains import read_domain
from generator.diff.replaced import name_of
from generator.model import change as c
from generator.model.answers import Refusal
from generator.model.schema import Column, EnumType, ForeignKey, Other, QName


def refusals_of(change: c.Change, context: Context) -> Iterator[Refusal]:
    """Why this change is not written; nothing where it is."""
    if isinstance(change, c.ColumnDropped | c.ColumnRenamed | c.ColumnTypeChanged):
        yield from _used(change, context)
    if isinstance(change, c.ColumnAdded | c.ColumnRenamed | c.ColumnTypeChanged):
        yield from _required_domain(change, context)
    match change:
        case c.ColumnTypeChanged():
            yield from _retype(change, context)
        case c.TypeReplaced():
            yield from _replaced(change, context)
        case c.ColumnRenamed():
            yield from _rename(change, context)
        case c.GeneratedChanged():
            yield from _generated(change, context)
        case c.PrimaryKeyChanged() | c.UniqueChanged() if swap_around(change.table, change.new.columns, context):
            yield from _key_of_moved(change)
        case c.PrimaryKeyChanged() | c.PrimaryKeyDropped() | c.UniqueChanged() | c.UniqueDropped():
            yield from _referenced_key(change, context)
        case c.ForeignKeyAdded(table=table, key=key) if "MATCH FULL" in key.definition:
            yield from _match_full(table, key, context)
        case _:
            return


def _used(change: c.ColumnDropped | c.ColumnRenamed | c.ColumnTypeChanged, context: Context) -> Iterator[Refusal]:
    """A view, policy, rule or trigger would keep the column that is set aside, unless it can be made anew."""
    column = change.column if isinstance(change, c.ColumnDropped) else change.old
    found = context.facts.dependents.get((change.table, column.name), ())
    if isinstance(change, c.ColumnTypeChanged):
        ahead = context.facts.dependents_ahead.get((change.table, change.new.name), ())
        users = [each.described for each in dict.fromkeys((*found, *ahead)) if each.kind not in REBUILT]
    else:
        going = {
            (other.kind, other.sql_name)
            for each in context.changes
            if isinstance(each, c.OtherDropped | c.OtherChanged)
            for other in [each.other if isinstance(each, c.OtherDropped) else each.old]
        }
        users = [each.described for each in found if each.direct and (each.kind, each.name) not in going]
    if users:
        yield Refusal(
            what=f"{change.table}.{column.name}: dropped, renamed or retyped",
            because=f"{', '.join(users)} {'use' if len(users) > 1 else 'uses'} it, and would have to be made anew",
            way_out=f"drop {'them' if len(users) > 1 else 'it'} in a change before this one, and make"
            f" {'them' if len(users) > 1 else 'it'} again in a change after it",
        )


def _required_domain(
    change: c.ColumnAdded | c.ColumnRenamed | c.ColumnTypeChanged, context: Context
) -> Iterator[Refusal]:
    """A column of a domain that is NOT NULL is never empty, not even for a while."""
    column = change.column if isinstance(change, c.ColumnAdded) else change.new
    nature = nature_of(column.type, context)
    if not isinstance(change, c.ColumnAdded) and nature_of(change.old.type, context).required:
        nature = replace(nature, required=True)
    filled = isinstance(change, c.ColumnAdded) and (column.default is not None or nature.default)
    in_place = isinstance(change, c.ColumnTypeChanged) and not context.facts.retypes[change.table, column.name].rewrites
    if nature.required and not filled and not in_place:
        yield Refusal(
            what=f"{change.table}.{column.name} becomes a column of the domain {context.types.said(column.type)}",
            because="the domain is NOT NULL, so the column could not be added before there is a value for every row",
            way_out="let the column be NOT NULL, and not the domain",
        )


def _match_full(table: QName, key: ForeignKey, context: Context) -> Iterator[Refusal]:
    """All columns or none: a column that is new is empty in the rows that exist, and another of the key cannot be."""
    if not context.was_there(table):
        return
    before, after = context.old_table(table), context.new.table(table)
    full = [name for name in key.columns if before.has_column(name) and not before.column(name).nullable]
    empty = [
        name
        for name in key.columns
        if not before.has_column(name)
        and after.column(name).nullable
        and after.column(name).default is None
        and (table, name) not in context.backfills
    ]
    if full and empty:
        yield Refusal(
            what=f"{table}: foreign key {key.name} added",
            because=f"MATCH FULL asks for all columns or none, and in the rows that exist {empty[0]} is empty and"
            f" {full[0]} is not",
            way_out=f"say by [backfill] how {empty[0]} is filled, or leave MATCH FULL out",
        )


def _retype(change: c.ColumnTypeChanged, context: Context) -> Iterator[Refusal]:
    if not context.facts.retypes[change.table, change.new.name].rewrites:
        return
    if change.old.generated is not None or change.new.generated is not None:
        yield Refusal(
            what=f"{change.table}.{change.new.name}: {_becomes(change, context)}",
            because="it has to be a second column for a while, since the values are stored in another form; but it is"
            " a generated column",
            way_out="add a generated column of the new type under another name, move the application over and drop"
            " this one",
        )


def _key_of_moved(change: c.PrimaryKeyChanged | c.UniqueChanged) -> Iterator[Refusal]:
    """The new version counts on the new key before the columns have changed places."""
    yield Refusal(
        what=f"{change.table}: {change.new.name} ({', '.join(change.old.columns)}) becomes another key, on"
        f" ({', '.join(change.new.columns)})",
        because="a column of it gets another type at once, by way of a second column that the key cannot know before",
        way_out="do it in two changes: first the type, then the key",
    )


def _becomes(change: c.ColumnTypeChanged, context: Context) -> str:
    old, new = change.old.type, context.types.said(change.new.type)
    return f"{old} becomes {new}" if old != new else f"moves to the new {new}"


def _replaced(change: c.TypeReplaced, context: Context) -> Iterator[Refusal]:
    """What is bound to the type itself would stay with the old one."""
    sides = [each for each in (change.old, change.new) if isinstance(each, Other) and each.kind == "domain"]
    if any(read_domain(each).required for each in sides) and tuple(columns_of(change, context)):
        yield Refusal(
            what=f"The domain {name_of(change)} is replaced",
            because="it is NOT NULL, and its columns have to be two for a while, of which a statement gives only one",
            way_out="let the columns be NOT NULL, and not the domain, in a change before this one",
        )
    # What hangs on a column that moves is made anew with it.
    rebuilt = {
        found.described
        for each in context.changes
        if isinstance(each, c.ColumnTypeChanged) and context.types.of(each.new.type) is change
        for found in context.facts.dependents.get((each.table, each.old.name), ())
        if found.kind in REBUILT
    }
    users = [user for user in context.facts.type_users.get(name_of(change), ()) if user not in rebuilt]
    kind = "enum" if isinstance(change.new, EnumType) else change.new.kind
    if users:
        them, use = ("them", "use") if len(users) > 1 else ("it", "uses")
        yield Refusal(
            what=f"The {kind} {name_of(change)} is replaced",
            because=f"{', '.join(users)} {use} it, and would have to be made anew",
            way_out=f"drop {them} in a change before this one, and make {them} again in a change after it",
        )


def _cannot_be_two(table: QName, old: Column, new: Column, context: Context) -> Iterator[str]:
    """Why a column cannot be two columns for a while."""
    before = context.old_table(table)
    if before.primary_key is not None and old.name in before.primary_key.columns:
        yield "it is part of the primary key"
    if old.identity is not None or new.identity is not None:
        yield "it is an identity column"
    if old.generated is not None or new.generated is not None:
        yield "it is a generated column"
    if "nextval(" in (old.default or ""):
        yield "a sequence numbers it"
    if any(old.name in exclusion.columns for exclusion in before.exclusions):
        yield "an exclusion constraint uses it"
    if any(
        key.references == before.name and old.name in key.referenced_columns
        for each in context.old.tables
        for key in each.foreign_keys
    ):
        yield "foreign keys refer to it"


def _rename(change: c.ColumnRenamed, context: Context) -> Iterator[Refusal]:
    reasons = tuple(_cannot_be_two(change.table, change.old, change.new, context))
    if reasons:
        yield Refusal(
            what=f"{change.table}.{change.old.name}: renamed to {change.new.name}",
            because=f"{' and '.join(reasons)}, so it cannot be two columns for a while",
            way_out="keep the name in the database and map it in the models (a column may have another attribute name)",
        )


def _generated(change: c.GeneratedChanged, context: Context) -> Iterator[Refusal]:
    """Dropping the column and adding it again would take along what hangs on it."""
    table = context.new.table(change.table)
    hangs = [each.name for each in (*table.constraints, *table.indexes) if change.new.name in each.columns]
    ways = ((change.old, change.new), (change.new, change.old))
    if hangs and not all(is_set_in_place(change.table, old, new, context) for old, new in ways):
        yield Refusal(
            what=f"{change.table}.{change.new.name}: another way of being generated",
            because=f"the column has to be dropped and added again, and {', '.join(hangs)} would go with it",
            way_out="add the generated column under another name and drop this one in a later change",
        )


def _referenced_key(
    change: c.PrimaryKeyChanged | c.PrimaryKeyDropped | c.UniqueChanged | c.UniqueDropped, context: Context
) -> Iterator[Refusal]:
    """A foreign key of the new schema hangs on the key that goes: PostgreSQL would take it along, or stop."""
    match change:
        case c.PrimaryKeyChanged(old=key) | c.PrimaryKeyDropped(key=key):
            pass
        case c.UniqueChanged(old=key) | c.UniqueDropped(unique=key):
            pass
    for each in context.new.tables:
        for foreign in each.foreign_keys:
            if foreign.references == change.table and set(foreign.referenced_columns) == set(key.columns):
                yield Refusal(
                    what=f"{change.table}: {key.name} ({', '.join(key.columns)}) changed or dropped",
                    because=f"the foreign key {foreign.name} of {each.name} refers to it",
                    way_out="do it in two changes: first drop the foreign key and change this, then add it again",
                )
    if isinstance(change, c.PrimaryKeyChanged | c.UniqueChanged):
        yield from _referenced_too_soon(change, context)


def _referenced_too_soon(change: c.PrimaryKeyChanged | c.UniqueChanged, context: Context) -> Iterator[Refusal]:
    """A foreign key made in validate hangs on the index of the new key, which contract could not take back."""
    for each in context.changes:
        if isinstance(each, c.ForeignKeyAdded):
            key = each.key
        elif isinstance(each, c.ForeignKeyChanged):
            key = each.new
        else:
            continue
        if key.references == change.table and set(key.referenced_columns) == set(change.new.columns):
            yield Refusal(
                what=f"{change.table}: {change.new.name} becomes one on ({', '.join(change.new.columns)})",
                because=f"the foreign key {key.name} of {each.table} is to refer to it at once, and neither could be"
                " taken back without the other",
                way_out="do it in two changes: first the key, then the foreign key",
            )
