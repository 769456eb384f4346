"""What is not written of partitioned tables and of inheritance, why, and what to do instead."""

from collections.abc import Iterator

from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.passed_on import passed_on
from generator.dialects.postgres.recipes.words import words_of
from generator.model import change as c
from generator.model.answers import Refusal
from generator.model.schema import QName, Table


def refused_places(change: c.Change, context: Context) -> Iterator[Refusal]:
    """Why this change of a table with others below, or of its place, is not written; nothing where it is."""
    yield from passed_on(change, context)
    match change:
        case c.TableRepartitioned():
            reasons = tuple(_repartition(change, context))
            if reasons:
                yield Refusal(
                    what=f"{change.table}: partitioned by another key, or not any more",
                    because=f"it is made anew for that, and {' and '.join(reasons)}",
                    way_out="do that part in a change of its own before or after this one",
                )
        case c.PartitionBoundsChanged(table=table, new=places):
            renamed = set(context.renamed_tables.values())
            if renamed & {table, *(name for name, _ in places)}:
                yield Refusal(
                    what=f"{table}: other bounds, and another name",
                    because="which rows are whose is asked of the server by one name only",
                    way_out="do it in two changes: first the name, then the bounds",
                )
        case c.InheritanceChanged(old=old, new=new) if set(old) == set(new):
            yield Refusal(
                what=f"{change.table}: inherits from the same tables in another order",
                because="the order decides only which column comes first, and that cannot be changed",
                way_out="keep the order that there is",
            )
        case c.PrimaryKeyChanged(table=table, new=key) | c.UniqueChanged(table=table, new=key):
            if _is_partitioned(table, context):
                yield Refusal(
                    what=f"{table}: {key.name} becomes another one",
                    because="a partitioned table cannot make a key of an index that is there, so that for a while it"
                    " would have neither",
                    way_out="do it in two changes: add the new one as a unique constraint under another name, and drop"
                    " the old one later",
                )
        case c.ColumnDropped(table=table, column=column) if _in_key(table, column.name, context):
            yield _key_column(table, column.name, "dropped")
        case c.ColumnRenamed(table=table, old=column) if _in_key(table, column.name, context):
            yield _key_column(table, column.name, "renamed")
        case c.ColumnTypeChanged(table=table, old=column) if _in_key(table, column.name, context):
            yield _key_column(table, column.name, "of another type")
        case c.ColumnAdded(table=table, column=column) | c.ColumnRequired(table=table, column=column):
            if (table, column.name) in context.backfills or context.volatile(column.default or "") or column.identity:
                yield from _filled(table, column.name, context)
        case c.ColumnRenamed(table=table, old=column):
            yield from _followed(table, f"{column.name} renamed", context)
        case c.ColumnTypeChanged(table=table, new=column):
            retype = context.facts.retypes.get((table, column.name))
            if retype is None or retype.rewrites:
                yield from _followed(table, f"{column.name} of another type", context)
        case _:
            return


def _sides(table: QName, context: Context) -> tuple[Table, ...]:
    old = (context.old_table(table),) if context.was_there(table) else ()
    return (*old, *(each for each in context.new.tables if each.name == table))


def _is_partitioned(table: QName, context: Context) -> bool:
    return any(each.partition_key is not None for each in _sides(table, context))


def _in_key(table: QName, column: str, context: Context) -> bool:
    """Whether the table, or one below it, is partitioned by the column."""
    tree = [*_sides(table, context), *context.old.below(table), *context.new.below(table)]
    return any(
        column in words_of(each.partition_key) or f'"{column}"' in words_of(each.partition_key)
        for each in tree
        if each.partition_key
    )


def _key_column(table: QName, column: str, how: str) -> Refusal:
    return Refusal(
        what=f"{table}.{column}: {how}",
        because="the table is partitioned by it, and PostgreSQL lets such a column neither go nor change",
        way_out="make the table anew under another name with the key that is wanted, and move the rows over",
    )


def _followed(table: QName, what: str, context: Context) -> Iterator[Refusal]:
    """A trigger keeps two columns alike, and tables that inherit have none of their parent's triggers."""
    below = [each.name for each in context.new.below(table) if table in each.inherits]
    if below:
        yield Refusal(
            what=f"{table}: {what}",
            because=f"it has to be two columns for a while, which a trigger keeps alike; but {below[0]} inherits from"
            " it, and has none of its triggers",
            way_out="add a column under another name, move the application over, and drop this one later",
        )


def _filled(table: QName, column: str, context: Context) -> Iterator[Refusal]:
    """The back-fill finds rows by where they lie, and rows of tables that inherit may lie at the same place."""
    below = [each.name for each in context.new.below(table) if each.inherits]
    if below:
        yield Refusal(
            what=f"{table}.{column}: filled for the rows that exist",
            because=f"{below[0]} inherits from it, and rows of both cannot be told apart by where they lie",
            way_out="add the column without NOT NULL and without such a default, fill it by hand in both tables, and"
            " ask for the rest in a change after it",
        )


def _repartition(change: c.TableRepartitioned, context: Context) -> Iterator[str]:
    """What stands in the way of making a table anew with its partitions."""
    old, new = change.old[0], change.new[0]
    if old.parents or new.parents:
        yield "it is below another table itself"
    if {(each.name, each.type, each.generated) for each in old.columns} != {
        (each.name, each.type, each.generated) for each in new.columns
    }:
        yield "its columns change as well"
    names = set(change.names)
    if context.renamed_tables.keys() & names or set(context.renamed_tables.values()) & names:
        yield "one of its tables is renamed"
    for schema in (context.old, context.new):
        for table in schema.tables:
            if table.name not in names and any(key.references in names for key in table.foreign_keys):
                yield f"foreign keys of {table.name} refer to it"
                break
    for other in dict.fromkeys((*context.old.others, *context.new.others)):
        own = other.table in names
        if own and (other.kind == "trigger" or other.table != old.name or other not in context.new.others):
            yield f"the {other.kind} {other.name} hangs on it"
            break
        words = words_of(other.definition)
        if not own and other.kind in ("view", "materialized view", "rule", "publication") and old.name.name in words:
            yield f"the {other.kind} {other.name} speaks of it"
            break
