"""Which kind of change comes first where no step needs another: outer before inner, loosening before tightening."""

from typing import get_args

from generator.model import change as c

_ORDER: tuple[type, ...] = (
    c.NamespaceAdded,
    c.ExtensionAdded,
    c.ExtensionChanged,
    c.EnumAdded,
    c.EnumValueAdded,
    c.TypeReplaced,
    c.TableRenamed,
    c.SequenceAdded,
    c.SequenceChanged,
    c.SequenceRenamed,
    c.TableAdded,
    c.PartitionBoundsChanged,
    c.ForeignKeyDropped,
    c.CheckDropped,
    c.ExclusionDropped,
    c.ColumnOptional,
    c.ColumnTypeChanged,
    c.ColumnAdded,
    c.ColumnRenamed,
    c.GeneratedChanged,
    c.DefaultChanged,
    c.IdentityChanged,
    c.IndexRenamed,
    c.ConstraintRenamed,
    c.IndexChanged,
    c.IndexAdded,
    c.PrimaryKeyChanged,
    c.PrimaryKeyAdded,
    c.UniqueChanged,
    c.UniqueAdded,
    c.ForeignKeyChanged,
    c.ForeignKeyAdded,
    c.CheckChanged,
    c.CheckAdded,
    c.ExclusionChanged,
    c.ExclusionAdded,
    c.OtherAdded,
    c.OtherChanged,
    c.ColumnRequired,
    c.PartitionAttached,
    c.InheritanceChanged,
    c.TableRepartitioned,
    c.PartitionDetached,
    c.OtherDropped,
    c.UniqueDropped,
    c.PrimaryKeyDropped,
    c.IndexDropped,
    c.ColumnDropped,
    c.TableDropped,
    c.CommentChanged,
    c.SequenceDropped,
    c.EnumDropped,
    c.ExtensionDropped,
    c.NamespaceDropped,
)
assert set(_ORDER) == set(get_args(c.Change)), "every kind of change has its place"
_RANKS = {kind: number for number, kind in enumerate(_ORDER)}


def rank(change: c.Change) -> int:
    """The place of the change's kind: lower comes first."""
    return _RANKS[type(change)]
