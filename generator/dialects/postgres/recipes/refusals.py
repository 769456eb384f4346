"""What is not written, why, and what to do instead: in one place, looked at before any recipe runs."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres.names import ident
from generator.dialects.postgres.recipes.change_generated import is_set_in_place
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.dependents import REBUILT, by_former_names, computed_otherwise
from generator.dialects.postgres.recipes.domain_columns import nature_of
from generator.dialects.postgres.recipes.extensions import refused_extension
from generator.dialects.postgres.recipes.refused_fills import refused_fills
from generator.dialects.postgres.recipes.refused_others import chosen_index, refuse_other
from generator.dialects.postgres.recipes.refused_places import refused_places
from generator.dialects.postgres.recipes.replace_type import columns_of
from generator.dialects.postgres.recipes.swaps import swap_around
from generator.diff.domains import read_domain
from generator.diff.replaced import name_of
from generator.model import change as c
from generator.model.answers import Refusal
from generator.model.schema import EnumType, ForeignKey, Other, QName
from generator.model.uses import uses


def refusals_of(change: c.Change, context: Context) -> Iterator[Refusal]:
    """Why this change is not written; nothing where it is."""
    yield from refused_places(change, context)
    yield from refused_fills(change, context)
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
        case c.PrimaryKeyChanged() | c.UniqueChanged() if swap_around(change.table, uses(change.new), context):
            yield from _key_of_moved(change)
        case c.PrimaryKeyChanged() | c.UniqueChanged():
            yield from chosen_index(change.table, ident(change.new.name), context)
        case c.ForeignKeyAdded(table=table, key=key) if "MATCH FULL" in key.definition:
            yield from _match_full(table, key, context)
        case c.IndexChanged(table=table, new=index):
            yield from chosen_index(table, ident(index.name), context)
        case c.ExtensionChanged():
            yield from refused_extension(change, context)
        case c.OtherAdded() | c.OtherDropped() | c.OtherChanged():
            yield from refuse_other(change, context)
        case _:
            return


def _used(change: c.ColumnDropped | c.ColumnRenamed | c.ColumnTypeChanged, context: Context) -> Iterator[Refusal]:
    """A view, policy, rule or trigger would keep the column that is set aside, unless it can be made anew."""
    column = change.column if isinstance(change, c.ColumnDropped) else change.old
    found = context.facts.dependents.get((change.table, column.name), ())
    if isinstance(change, c.ColumnTypeChanged):
        ahead = context.facts.dependents_ahead.get((change.table, change.new.name), ())
        told = (*(each for each in found if (each.kind, each.name) not in computed_otherwise(context)), *ahead)
        users = [each.described for each in dict.fromkeys(told) if each.kind not in REBUILT]
        for other in by_former_names(change.table, change.old.name, change.new.name, context):
            yield Refusal(
                what=f"{change.table}.{column.name}: another type, while tables get other names",
                because=f"the {other.kind} {other.name} uses it and speaks of a table by the name that it had, so on"
                " the way back it could not be made as it was",
                way_out="do it in two changes: first the names, then the type",
            )
    else:
        going = {
            (other.kind, other.sql_name)
            for each in context.changes
            if isinstance(each, c.OtherDropped | c.OtherChanged)
            for other in [each.other if isinstance(each, c.OtherDropped) else each.old]
        } | computed_otherwise(context)
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


def _rename(change: c.ColumnRenamed, context: Context) -> Iterator[Refusal]:
    counts = change.old.identity is not None or "nextval(" in (change.old.default or "")
    if change.new.identity is not None and not counts:
        yield Refusal(
            what=f"{change.table}.{change.old.name}: renamed to {change.new.name} and made an identity column",
            because="the new version counts on its numbers before contract, and until then the old column leads,"
            " which has none",
            way_out="do it in two changes: first the name, then the identity",
        )
    if change.old.generated is not None or change.new.generated is not None:
        yield Refusal(
            what=f"{change.table}.{change.old.name}: renamed to {change.new.name}",
            because="it is a generated column, so it cannot be two columns for a while",
            way_out="keep the name in the database and map it in the models (a column may have another attribute name)",
        )


def _generated(change: c.GeneratedChanged, context: Context) -> Iterator[Refusal]:
    """Dropping the column and adding it again would take along what hangs on it, and what is only computed is gone."""
    if change.new.generated is None and change.old.generated is not None and not change.old.generated.stored:
        yield Refusal(
            what=f"{change.table}.{change.new.name}: no longer generated",
            because="its values are stored nowhere, so that the column would have to be added anew and filled",
            way_out="add a plain column under another name, say by [backfill] that it gets the value of the expression,"
            " and drop this one in a later change",
        )
        return
    table = context.new.table(change.table)
    hangs = [each.name for each in (*table.constraints, *table.indexes) if change.new.name in uses(each)]
    facts, key = context.facts, (change.table, change.new.name)
    users = (*facts.dependents.get(key, ()), *facts.dependents_ahead.get(key, ()))
    hangs += [each.described for each in dict.fromkeys(users) if each.kind in (*REBUILT, "materialized view")]
    ways = ((change.old, change.new), (change.new, change.old))
    if hangs and not all(is_set_in_place(change.table, old, new, context) for old, new in ways):
        yield Refusal(
            what=f"{change.table}.{change.new.name}: another way of being generated",
            because=f"the column has to be dropped and added again, and {', '.join(hangs)} would go with it",
            way_out="add the generated column under another name and drop this one in a later change",
        )
