"""What differs between two schemas: one value a kind of change, in the past tense, and their union.

Every name in a change is the new schema's where the thing exists there (a table that is renamed is called by its new
name in the changes of its columns), because tables are renamed first of all.
"""

from dataclasses import dataclass
from enum import StrEnum

from generator.model.schema import (
    Check,
    Column,
    EnumType,
    Exclusion,
    Extension,
    ForeignKey,
    Index,
    Namespace,
    Other,
    PartitionOf,
    PrimaryKey,
    QName,
    Sequence,
    Table,
    Unique,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceAdded:
    """A namespace (PostgreSQL's schema) is new."""

    namespace: Namespace


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceDropped:
    """A namespace is gone, with all that was in it (each of which is a change of its own)."""

    namespace: Namespace


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionAdded:
    """An extension is new."""

    extension: Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDropped:
    """An extension is gone."""

    extension: Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionChanged:
    """An extension has another version, or its objects are in another namespace, or both."""

    old: Extension
    new: Extension


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumAdded:
    """An enum is new."""

    enum: EnumType


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumDropped:
    """An enum is gone."""

    enum: EnumType


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumValueAdded:
    """One value more; it goes before ``before``, or to the end where that is None."""

    enum: QName
    value: str
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeReplaced:
    """A type has another form under the same name, and what it was cannot be altered into it.

    An enum is an EnumType, any other type an Other. Each column of it moves: a ColumnTypeChanged whose two types are
    called alike. ``values`` are pairs: what an enum's old value becomes.
    """

    old: EnumType | Other
    new: EnumType | Other
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceAdded:
    """A sequence is new. Its owner column may be new as well."""

    sequence: Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceDropped:
    """A sequence is gone."""

    sequence: Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceChanged:
    """Options or owner of a sequence differ; its value is kept."""

    old: Sequence
    new: Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRenamed:
    """A sequence that a column owns (also an identity column's) goes by another name; its value is kept.

    It follows from its table or column having another name; defaults which use it follow by themselves.
    """

    old: QName
    sequence: Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAdded:
    """A table is new: with everything it has but its foreign keys, which are ForeignKeyAdded (they may be cycles)."""

    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDropped:
    """A table is gone. Foreign keys from it and to it are ForeignKeyDropped of their own."""

    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRenamed:
    """A table has another name or namespace; said by an answer, never guessed."""

    old: QName
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionAttached:
    """A table that was there on its own is a partition now; what else differs of it differs as of any table."""

    table: QName
    partition_of: PartitionOf


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionDetached:
    """A partition is a table of its own now, with all that it had from above."""

    table: QName
    partition_of: PartitionOf


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionBoundsChanged:
    """The bounds of partitions of one table differ: all of them at once, since rows may go from one to another.

    ``added`` are the partitions that come with it; each is a TableAdded as well.
    """

    table: QName
    old: tuple[tuple[QName, PartitionOf], ...]
    new: tuple[tuple[QName, PartitionOf], ...]
    added: tuple[QName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InheritanceChanged:
    """A table inherits from other tables than before."""

    table: QName
    old: tuple[QName, ...]
    new: tuple[QName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRepartitioned:
    """A table becomes partitioned, or is not any more, or by another key: it is made anew with its partitions.

    ``old`` and ``new`` are the table first and then its partitions, each after the one that it is below of.
    """

    table: QName
    old: tuple[Table, ...]
    new: tuple[Table, ...]

    @property
    def names(self) -> tuple[QName, ...]:
        """The tables of both sides."""
        return tuple(dict.fromkeys(each.name for each in (*self.old, *self.new)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnAdded:
    """A column is new on a table that exists; its unique, foreign key, … are changes of their own."""

    table: QName
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDropped:
    """A column is gone; what hung on it (indexes, constraints) are changes of their own."""

    table: QName
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRenamed:
    """A column has another name, said by an answer; whatever else of it differs, differs between the two values.

    Constraints and indexes on it are compared by their text, so they come as dropped and added, or changed.
    """

    table: QName
    old: Column
    new: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTypeChanged:
    """Type or collation differ under the same name; or the type is the same in name only (TypeReplaced)."""

    table: QName
    old: Column
    new: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRequired:
    """A column became NOT NULL."""

    table: QName
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnOptional:
    """A column lost NOT NULL."""

    table: QName
    column: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultChanged:
    """A default was added, dropped or differs."""

    table: QName
    old: Column
    new: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged:
    """Identity was added, dropped, or its kind or options differ."""

    table: QName
    old: Column
    new: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedChanged:
    """A column became generated, stopped being so, or its expression or storage differs."""

    table: QName
    old: Column
    new: Column


class CommentTarget(StrEnum):
    """What a comment is on, in the words of COMMENT ON."""

    TABLE = "TABLE"
    COLUMN = "COLUMN"
    CONSTRAINT = "CONSTRAINT"
    INDEX = "INDEX"
    TYPE = "TYPE"
    SEQUENCE = "SEQUENCE"
    SCHEMA = "SCHEMA"
    EXTENSION = "EXTENSION"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentChanged:
    """A comment was added, dropped or differs.

    ``of`` is the table for COLUMN and CONSTRAINT (whose name is ``name``), the object itself for TABLE, INDEX, TYPE and
    SEQUENCE; for SCHEMA and EXTENSION only ``name`` is set (``of`` is then QName("", name)).
    """

    target: CommentTarget
    of: QName
    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKeyAdded:
    """A table that had no primary key has one."""

    table: QName
    key: PrimaryKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKeyDropped:
    """A table lost its primary key."""

    table: QName
    key: PrimaryKey


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimaryKeyChanged:
    """The primary key's definition differs."""

    table: QName
    old: PrimaryKey
    new: PrimaryKey


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueAdded:
    """A unique constraint is new on a table that exists."""

    table: QName
    unique: Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueDropped:
    """A unique constraint is gone."""

    table: QName
    unique: Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueChanged:
    """A unique constraint of the same name has another definition."""

    table: QName
    old: Unique
    new: Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKeyAdded:
    """A foreign key is new; ``on_new_table`` where its own table is new too, so that there is nothing to scan."""

    table: QName
    key: ForeignKey
    on_new_table: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKeyDropped:
    """A foreign key is gone."""

    table: QName
    key: ForeignKey


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKeyChanged:
    """A foreign key of the same name has another definition, or is validated now."""

    table: QName
    old: ForeignKey
    new: ForeignKey


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAdded:
    """A check constraint is new on a table that exists."""

    table: QName
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDropped:
    """A check constraint is gone."""

    table: QName
    check: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckChanged:
    """A check constraint of the same name has another definition, or is validated now."""

    table: QName
    old: Check
    new: Check


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionAdded:
    """An exclusion constraint is new on a table that exists."""

    table: QName
    exclusion: Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionDropped:
    """An exclusion constraint is gone."""

    table: QName
    exclusion: Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionChanged:
    """An exclusion constraint of the same name has another definition."""

    table: QName
    old: Exclusion
    new: Exclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintRenamed:
    """A constraint of the same kind and definition has another name."""

    table: QName
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexAdded:
    """An index is new on a table that exists."""

    table: QName
    index: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDropped:
    """An index is gone."""

    table: QName
    index: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChanged:
    """An index of the same name has another definition."""

    table: QName
    old: Index
    new: Index


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRenamed:
    """An index of the same definition has another name."""

    table: QName
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherAdded:
    """An object that is known by its definition only (a view, a function, a policy …) is new."""

    other: Other


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDropped:
    """An object that is known by its definition only is gone, and not with something that it belongs to."""

    other: Other


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherChanged:
    """An object that is known by its definition only has another definition."""

    old: Other
    new: Other


Change = (
    NamespaceAdded
    | NamespaceDropped
    | ExtensionAdded
    | ExtensionChanged
    | ExtensionDropped
    | EnumAdded
    | EnumDropped
    | EnumValueAdded
    | TypeReplaced
    | SequenceAdded
    | SequenceDropped
    | SequenceChanged
    | SequenceRenamed
    | TableAdded
    | TableDropped
    | TableRenamed
    | PartitionAttached
    | PartitionDetached
    | PartitionBoundsChanged
    | InheritanceChanged
    | TableRepartitioned
    | ColumnAdded
    | ColumnDropped
    | ColumnRenamed
    | ColumnTypeChanged
    | ColumnRequired
    | ColumnOptional
    | DefaultChanged
    | IdentityChanged
    | GeneratedChanged
    | CommentChanged
    | PrimaryKeyAdded
    | PrimaryKeyDropped
    | PrimaryKeyChanged
    | UniqueAdded
    | UniqueDropped
    | UniqueChanged
    | ForeignKeyAdded
    | ForeignKeyDropped
    | ForeignKeyChanged
    | CheckAdded
    | CheckDropped
    | CheckChanged
    | ExclusionAdded
    | ExclusionDropped
    | ExclusionChanged
    | ConstraintRenamed
    | IndexAdded
    | IndexDropped
    | IndexChanged
    | IndexRenamed
    | OtherAdded
    | OtherDropped
    | OtherChanged
)
