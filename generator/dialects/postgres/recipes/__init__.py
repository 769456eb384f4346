"""The table of contents: which recipe writes which kind of change. mypy fails where a kind is forgotten."""

from collections.abc import Iterator
from typing import assert_never

from generator.dialects.postgres.recipes import (
    add_column,
    alter_column,
    bounds,
    change_generated,
    change_identity,
    checks,
    comments,
    drop_column,
    exclusions,
    extensions,
    foreign_keys,
    indexes,
    objects,
    others,
    partitions,
    rename_column,
    rename_constraint,
    repartition,
    replace_type,
    require_column,
    retype_column,
    tables,
    unique_constraints,
)
from generator.dialects.postgres.recipes.context import Context
from generator.model import change as c
from generator.model.plan import Step


def steps_of(change: c.Change, context: Context) -> Iterator[Step]:
    """The steps of one change, in the order expand, back-fill, validate, contract, cleanup."""
    match change:
        case c.NamespaceAdded():
            return objects.add_namespace(change, context)
        case c.NamespaceDropped():
            return objects.drop_namespace(change, context)
        case c.ExtensionAdded():
            return extensions.add_extension(change, context)
        case c.ExtensionChanged():
            return extensions.change_extension(change, context)
        case c.ExtensionDropped():
            return extensions.drop_extension(change, context)
        case c.EnumAdded():
            return objects.add_enum(change, context)
        case c.EnumDropped():
            return objects.drop_enum(change, context)
        case c.EnumValueAdded():
            return objects.add_enum_value(change, context)
        case c.TypeReplaced():
            return replace_type.replace_type(change, context)
        case c.SequenceAdded():
            return objects.add_sequence(change, context)
        case c.SequenceDropped():
            return objects.drop_sequence(change, context)
        case c.SequenceChanged():
            return objects.change_sequence(change, context)
        case c.SequenceRenamed():
            return objects.rename_sequence(change, context)
        case c.TableAdded():
            return tables.add_table(change, context)
        case c.TableDropped():
            return tables.drop_table(change, context)
        case c.TableRenamed():
            return tables.rename_table(change, context)
        case c.PartitionAttached():
            return partitions.attach_partition(change, context)
        case c.PartitionDetached():
            return partitions.detach_partition(change, context)
        case c.PartitionBoundsChanged():
            return bounds.change_bounds(change, context)
        case c.InheritanceChanged():
            return partitions.change_inheritance(change, context)
        case c.TableRepartitioned():
            return repartition.repartition(change, context)
        case c.ColumnAdded():
            return add_column.add_column(change, context)
        case c.ColumnDropped():
            return drop_column.drop_column(change, context)
        case c.ColumnRenamed():
            return rename_column.rename_column(change, context)
        case c.ColumnTypeChanged():
            return retype_column.retype_column(change, context)
        case c.ColumnRequired():
            return require_column.column_required(change, context)
        case c.ColumnOptional():
            return alter_column.column_optional(change, context)
        case c.DefaultChanged():
            return alter_column.change_default(change, context)
        case c.IdentityChanged():
            return change_identity.change_identity(change, context)
        case c.GeneratedChanged():
            return change_generated.change_generated(change, context)
        case c.CommentChanged():
            return comments.change_comment(change, context)
        case c.PrimaryKeyAdded():
            return unique_constraints.add_primary_key(change, context)
        case c.PrimaryKeyDropped():
            return unique_constraints.drop_primary_key(change, context)
        case c.PrimaryKeyChanged():
            return unique_constraints.change_primary_key(change, context)
        case c.UniqueAdded():
            return unique_constraints.add_unique(change, context)
        case c.UniqueDropped():
            return unique_constraints.drop_unique(change, context)
        case c.UniqueChanged():
            return unique_constraints.change_unique(change, context)
        case c.ForeignKeyAdded():
            return foreign_keys.add_foreign_key(change, context)
        case c.ForeignKeyDropped():
            return foreign_keys.drop_foreign_key(change, context)
        case c.ForeignKeyChanged():
            return foreign_keys.change_foreign_key(change, context)
        case c.CheckAdded():
            return checks.add_check(change, context)
        case c.CheckDropped():
            return checks.drop_check(change, context)
        case c.CheckChanged():
            return checks.change_check(change, context)
        case c.ExclusionAdded():
            return exclusions.add_exclusion(change, context)
        case c.ExclusionDropped():
            return exclusions.drop_exclusion(change, context)
        case c.ExclusionChanged():
            return exclusions.change_exclusion(change, context)
        case c.ConstraintRenamed():
            return rename_constraint.rename_constraint(change, context)
        case c.IndexAdded():
            return indexes.add_index(change, context)
        case c.IndexDropped():
            return indexes.drop_index(change, context)
        case c.IndexChanged():
            return indexes.change_index(change, context)
        case c.IndexRenamed():
            return indexes.rename_index(change, context)
        case c.OtherAdded():
            return others.add_other(change, context)
        case c.OtherDropped():
            return others.drop_other(change, context)
        case c.OtherChanged():
            return others.change_other(change, context)
        case _:
            assert_never(change)
