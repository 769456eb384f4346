"""One line a change, for people: the table first, then what happened to what."""

from typing import assert_never

from generator.model import change as c
from generator.model.schema import Column, EnumType


def describe(change: c.Change) -> str:
    """What changed, as a summary says it: ``customers.user_id: added, uuid NOT NULL``."""
    match change:
        case c.NamespaceAdded(namespace=namespace):
            return f"schema {namespace.name}: added"
        case c.NamespaceDropped(namespace=namespace):
            return f"schema {namespace.name}: dropped"
        case c.ExtensionAdded(extension=extension):
            return f"extension {extension.name}: added"
        case c.ExtensionChanged(old=before, new=extension):
            moved = f", moved to the schema {extension.schema}" if before.schema != extension.schema else ""
            versions = "" if before.version == extension.version else f", {before.version} to {extension.version}"
            return f"extension {extension.name}: changed{versions}{moved}"
        case c.ExtensionDropped(extension=extension):
            return f"extension {extension.name}: dropped"
        case c.EnumAdded(enum=enum):
            return f"enum {enum.name}: added ({', '.join(enum.values)})"
        case c.EnumDropped(enum=enum):
            return f"enum {enum.name}: dropped"
        case c.EnumValueAdded(enum=name, value=value, before=before):
            return f"enum {name}: value {value} added" + (f" before {before}" if before is not None else "")
        case c.TypeReplaced():
            return _replaced(change)
        case c.SequenceAdded(sequence=sequence):
            return f"sequence {sequence.name}: added"
        case c.SequenceDropped(sequence=sequence):
            return f"sequence {sequence.name}: dropped"
        case c.SequenceChanged(new=sequence):
            return f"sequence {sequence.name}: changed"
        case c.SequenceRenamed(old=before, sequence=sequence):
            return f"sequence {before}: renamed to {sequence.name}"
        case c.TableAdded(table=table):
            return f"{table.name}: added, {len(table.columns)} column{'s' * (len(table.columns) != 1)}"
        case c.TableDropped(table=table):
            return f"{table.name}: dropped"
        case c.TableRenamed(old=before, table=table):
            return f"{before}: renamed to {table.name}"
        case c.PartitionAttached(table=table, partition_of=part):
            return f"{table}: attached to {part.parent} as a partition"
        case c.PartitionDetached(table=table, partition_of=part):
            return f"{table}: detached from {part.parent}"
        case c.PartitionBoundsChanged(table=table, new=after):
            return f"{table}: other bounds of {', '.join(str(name) for name, _ in after)}"
        case c.InheritanceChanged(table=table, new=after):
            return f"{table}: inherits {', '.join(map(str, after)) or 'from no table'}"
        case c.TableRepartitioned(table=table, new=after):
            key = after[0].partition_key
            return f"{table}: " + (f"partitioned by {key}" if key else "not partitioned any more")
        case c.OtherAdded(other=other):
            return f"{other.kind} {other.name}: added"
        case c.OtherDropped(other=other):
            return f"{other.kind} {other.name}: dropped"
        case c.OtherChanged(old=old, new=other) if other.kind == "owner":
            had, has = (each.definition.rpartition(" OWNER TO ")[2] for each in (old, other))
            return f"{other.name}: goes from the owner {had} to {has}"
        case c.OtherChanged(new=other):
            return f"{other.kind} {other.name}: changed"
        case c.CommentChanged():
            return _comment(change)
        case c.PrimaryKeyAdded() | c.PrimaryKeyDropped() | c.PrimaryKeyChanged():
            return _primary_key(change)
        case _:
            return f"{change.table}{_inside(change)}"


def _inside(change: c.Change) -> str:
    """What happened to something of a table."""
    match change:
        case c.ColumnAdded(column=column):
            return f".{column.name}: added, {_column(column)}"
        case c.ColumnDropped(column=column):
            return f".{column.name}: dropped"
        case c.ColumnRenamed(old=before, new=after):
            return f".{before.name}: renamed to {after.name}"
        case c.ColumnTypeChanged(old=before, new=after) if before.type == after.type and _type(before) == _type(after):
            return f".{after.name}: moves to the new form of {after.type}"
        case c.ColumnTypeChanged(old=before, new=after):
            return f".{after.name}: {_type(before)} becomes {_type(after)}"
        case c.ColumnRequired(column=column):
            return f".{column.name}: NOT NULL"
        case c.ColumnOptional(column=column):
            return f".{column.name}: may be NULL"
        case c.DefaultChanged(new=after):
            return f".{after.name}: " + ("no default" if after.default is None else f"default {after.default}")
        case c.IdentityChanged(new=after):
            return f".{after.name}: identity {'dropped' if after.identity is None else 'set or changed'}"
        case c.GeneratedChanged(new=after):
            expression = after.generated.expression if after.generated else ""
            return f".{after.name}: " + (f"generated as {expression}" if expression else "no longer generated")
        case c.UniqueAdded(unique=unique):
            return f": unique constraint {unique.name} ({', '.join(unique.columns)}) added"
        case c.UniqueDropped(unique=unique):
            return f": unique constraint {unique.name} dropped"
        case c.UniqueChanged(new=unique):
            return f": unique constraint {unique.name} changed"
        case c.ForeignKeyAdded(key=key):
            acts = f" ON DELETE {key.on_delete}" if key.on_delete != "NO ACTION" else ""
            return f": foreign key {key.name} to {key.references}{acts} added"
        case c.ForeignKeyDropped(key=key):
            return f": foreign key {key.name} dropped"
        case c.ForeignKeyChanged(new=key):
            return f": foreign key {key.name} changed"
        case c.CheckAdded(check=check):
            return f": check {check.name} added"
        case c.CheckDropped(check=check):
            return f": check {check.name} dropped"
        case c.CheckChanged(new=check):
            return f": check {check.name} changed"
        case c.ExclusionAdded(exclusion=exclusion):
            return f": exclusion constraint {exclusion.name} added"
        case c.ExclusionDropped(exclusion=exclusion):
            return f": exclusion constraint {exclusion.name} dropped"
        case c.ExclusionChanged(new=exclusion):
            return f": exclusion constraint {exclusion.name} changed"
        case c.ConstraintRenamed(old=name, new=renamed):
            return f": constraint {name} renamed to {renamed}"
        case c.IndexAdded(index=index):
            return f": index {index.name} added"
        case c.IndexDropped(index=index):
            return f": index {index.name} dropped"
        case c.IndexChanged(new=index):
            return f": index {index.name} changed"
        case c.IndexRenamed(old=name, new=renamed):
            return f": index {name} renamed to {renamed}"
        case _:
            raise AssertionError(change)


def _replaced(change: c.TypeReplaced) -> str:
    if isinstance(change.new, EnumType):
        said = [f"{old} becomes {new}" for old, new in change.values]
        return f"enum {change.new.name}: its values are {', '.join(change.new.values)}" + "".join(
            f"; {each}" for each in said
        )
    return f"{change.new.kind} {change.new.name}: replaced"


def _primary_key(change: c.PrimaryKeyAdded | c.PrimaryKeyDropped | c.PrimaryKeyChanged) -> str:
    match change:
        case c.PrimaryKeyAdded(table=table, key=key):
            return f"{table}: primary key ({', '.join(key.columns)}) added"
        case c.PrimaryKeyDropped(table=table):
            return f"{table}: primary key dropped"
        case c.PrimaryKeyChanged(table=table, new=key):
            return f"{table}: primary key changed to ({', '.join(key.columns)})"
        case _:
            assert_never(change)


def _comment(change: c.CommentChanged) -> str:
    inside = change.target in (c.CommentTarget.COLUMN, c.CommentTarget.CONSTRAINT)
    what = f"{change.of}.{change.name}" if inside else str(change.of) if change.of.schema else change.name
    return f"{what}: comment {'dropped' if change.new is None else 'set' if change.old is None else 'changed'}"


def _column(column: Column) -> str:
    return f"{_type(column)}{'' if column.nullable else ' NOT NULL'}"


def _type(column: Column) -> str:
    return f"{column.type} COLLATE {column.collation}" if column.collation else column.type
