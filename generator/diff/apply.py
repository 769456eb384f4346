"""A change applied to a Schema as a value: what the schema is once the change is made."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, assert_never

from generator.diff.belonging import left_by
from generator.diff.renaming import rename_sequence, rename_table
from generator.model import change as c
from generator.model.schema import Column, EnumType, Other, QName, Schema, Table


def apply(change: c.Change, schema: Schema) -> Schema:
    """The schema after the change. Raises KeyError where what it changes is not there."""
    match change:
        case c.NamespaceAdded():
            return replace(schema, namespaces=_with(schema.namespaces, change.namespace))
        case c.NamespaceDropped():
            return replace(schema, namespaces=_without(schema.namespaces, change.namespace.name))
        case c.ExtensionAdded():
            return replace(schema, extensions=_with(schema.extensions, change.extension))
        case c.ExtensionChanged():
            comment = _named(schema.extensions, change.new.name).comment
            return replace(schema, extensions=_with(schema.extensions, replace(change.new, comment=comment)))
        case c.ExtensionDropped():
            return replace(schema, extensions=_without(schema.extensions, change.extension.name))
        case c.EnumAdded():
            return replace(schema, enums=_with(schema.enums, change.enum))
        case c.EnumDropped():
            return replace(schema, enums=_without(schema.enums, change.enum.name))
        case c.EnumValueAdded():
            return replace(schema, enums=_with_value(schema, change))
        case c.TypeReplaced():
            return _with_type(schema, change)
        case c.SequenceAdded():
            return replace(schema, sequences=_with(schema.sequences, change.sequence))
        case c.SequenceDropped():
            name = str(change.sequence.name)
            others = tuple(each for each in schema.others if (each.kind, each.name) != ("unlogged sequence", name))
            return replace(schema, sequences=_without(schema.sequences, change.sequence.name), others=others)
        case c.SequenceChanged():
            comment = _named(schema.sequences, change.new.name).comment
            return replace(schema, sequences=_with(schema.sequences, replace(change.new, comment=comment)))
        case c.SequenceRenamed():
            return rename_sequence(schema, change.old, change.sequence.name)
        case c.TableAdded():
            return replace(schema, tables=_with(schema.tables, change.table))
        case c.TableDropped():
            others = tuple(each for each in schema.others if each.table != change.table.name)
            return replace(schema, tables=_without(schema.tables, change.table.name), others=others)
        case c.TableRenamed():
            return rename_table(schema, change.old, change.table.name)
        case c.PartitionAttached(partition_of=place):
            return _on_table(schema, change.table, lambda table: replace(table, partition_of=place))
        case c.PartitionDetached():
            return _on_table(schema, change.table, lambda table: replace(table, partition_of=None, inherited=()))
        case c.PartitionBoundsChanged():
            places = dict(change.new)
            moved = (replace(each, partition_of=places.get(each.name, each.partition_of)) for each in schema.tables)
            return replace(schema, tables=tuple(moved))
        case c.InheritanceChanged():
            return _on_table(schema, change.table, lambda table: replace(table, inherits=change.new))
        case c.TableRepartitioned():
            gone = {each.name for each in change.old}
            kept = (each for each in schema.tables if each.name not in gone)
            return replace(schema, tables=tuple(sorted((*kept, *change.new), key=lambda each: each.name)))
        case c.OtherAdded():
            return replace(schema, others=_sorted((*schema.others, change.other)))
        case c.OtherDropped():
            return replace(schema, others=left_by(schema.others, change.other))
        case c.OtherChanged():
            return replace(schema, others=_sorted((*(e for e in schema.others if e != change.old), change.new)))
        case c.CommentChanged():
            return _commented(change, schema)
        case _:
            return _on_table(schema, change.table, lambda table: _apply_to_table(change, table))


def _sorted(others: tuple[Other, ...]) -> tuple[Other, ...]:
    return tuple(sorted(others, key=lambda each: (each.kind, each.name, each.table or QName("", ""))))


_TableChange = (
    c.ColumnAdded
    | c.ColumnDropped
    | c.ColumnRenamed
    | c.ColumnTypeChanged
    | c.ColumnRequired
    | c.ColumnOptional
    | c.DefaultChanged
    | c.IdentityChanged
    | c.GeneratedChanged
    | c.PrimaryKeyAdded
    | c.PrimaryKeyDropped
    | c.PrimaryKeyChanged
    | c.UniqueAdded
    | c.UniqueDropped
    | c.UniqueChanged
    | c.ForeignKeyAdded
    | c.ForeignKeyDropped
    | c.ForeignKeyChanged
    | c.CheckAdded
    | c.CheckDropped
    | c.CheckChanged
    | c.ExclusionAdded
    | c.ExclusionDropped
    | c.ExclusionChanged
    | c.ConstraintRenamed
    | c.IndexAdded
    | c.IndexDropped
    | c.IndexChanged
    | c.IndexRenamed
)


def _apply_to_table(change: _TableChange, table: Table) -> Table:
    match change:
        case c.ColumnAdded():
            return replace(table, columns=(*table.columns, change.column))
        case c.ColumnDropped():
            kept = (column for column in table.columns if column.name != change.column.name)
            return replace(table, columns=tuple(kept))
        case c.ColumnRenamed():
            renamed = (change.new if column.name == change.old.name else column for column in table.columns)
            return replace(table, columns=tuple(renamed))
        case c.ColumnTypeChanged():
            return _column(table, change.new.name, type=change.new.type, collation=change.new.collation)
        case c.ColumnRequired():
            return _column(table, change.column.name, nullable=False)
        case c.ColumnOptional():
            return _column(table, change.column.name, nullable=True)
        case c.DefaultChanged():
            return _column(table, change.new.name, default=change.new.default)
        case c.IdentityChanged():
            return _column(table, change.new.name, identity=change.new.identity)
        case c.GeneratedChanged():
            return _column(table, change.new.name, generated=change.new.generated)
        case c.PrimaryKeyAdded():
            return replace(table, primary_key=change.key)
        case c.PrimaryKeyDropped():
            return replace(table, primary_key=None)
        case c.PrimaryKeyChanged():
            return replace(table, primary_key=change.new)
        case c.UniqueAdded():
            return replace(table, uniques=_with(table.uniques, change.unique))
        case c.UniqueDropped():
            return replace(table, uniques=_without(table.uniques, change.unique.name))
        case c.UniqueChanged():
            return replace(table, uniques=_with(table.uniques, change.new))
        case c.ForeignKeyAdded():
            return replace(table, foreign_keys=_with(table.foreign_keys, change.key))
        case c.ForeignKeyDropped():
            return replace(table, foreign_keys=_without(table.foreign_keys, change.key.name))
        case c.ForeignKeyChanged():
            return replace(table, foreign_keys=_with(table.foreign_keys, change.new))
        case c.CheckAdded():
            return replace(table, checks=_with(table.checks, change.check))
        case c.CheckDropped():
            return replace(table, checks=_without(table.checks, change.check.name))
        case c.CheckChanged():
            return replace(table, checks=_with(table.checks, change.new))
        case c.ExclusionAdded():
            return replace(table, exclusions=_with(table.exclusions, change.exclusion))
        case c.ExclusionDropped():
            return replace(table, exclusions=_without(table.exclusions, change.exclusion.name))
        case c.ExclusionChanged():
            return replace(table, exclusions=_with(table.exclusions, change.new))
        case c.ConstraintRenamed():
            return _constraint(table, change.old, name=change.new)
        case c.IndexAdded():
            return replace(table, indexes=_with(table.indexes, change.index))
        case c.IndexDropped():
            return replace(table, indexes=_without(table.indexes, change.index.name))
        case c.IndexChanged():
            return replace(table, indexes=_with(table.indexes, change.new))
        case c.IndexRenamed():
            index = replace(_named(table.indexes, change.old), name=change.new)
            return replace(table, indexes=_with(_without(table.indexes, change.old), index))
        case _:
            assert_never(change)


def _named(things: tuple[Any, ...], name: Any) -> Any:
    for thing in things:
        if thing.name == name:
            return thing
    raise KeyError(name)


def _without(things: tuple[Any, ...], name: Any) -> tuple[Any, ...]:
    _named(things, name)
    return tuple(thing for thing in things if thing.name != name)


def _with(things: tuple[Any, ...], thing: Any) -> tuple[Any, ...]:
    """The tuple with the thing in its place by name, instead of what has that name."""
    return tuple(sorted((*(one for one in things if one.name != thing.name), thing), key=lambda one: one.name))


def _with_value(schema: Schema, change: c.EnumValueAdded) -> tuple[Any, ...]:
    enum = _named(schema.enums, change.enum)
    place = len(enum.values) if change.before is None else enum.values.index(change.before)
    return _with(schema.enums, replace(enum, values=(*enum.values[:place], change.value, *enum.values[place:])))


def _with_type(schema: Schema, change: c.TypeReplaced) -> Schema:
    """The type in its new form; a comment on it is a change of its own."""
    if isinstance(change.new, EnumType):
        comment = _named(schema.enums, change.new.name).comment
        return replace(schema, enums=_with(schema.enums, replace(change.new, comment=comment)))
    kept = (each for each in schema.others if (each.kind, each.name) != (change.new.kind, change.new.name))
    return replace(schema, others=_sorted((*kept, change.new)))


def _on_table(schema: Schema, name: QName, edit: Callable[[Table], Table]) -> Schema:
    return replace(schema, tables=_with(schema.tables, edit(schema.table(name))))


def _column(table: Table, name: str, **fields: Any) -> Table:
    def edited(column: Column) -> Column:
        return replace(column, **fields) if column.name == name else column

    table.column(name)
    return replace(table, columns=tuple(edited(column) for column in table.columns))


def _constraint(table: Table, known_as: str, **fields: Any) -> Table:
    """The table with fields of one constraint set, of whatever kind it is."""
    if table.primary_key is not None and table.primary_key.name == known_as:
        return replace(table, primary_key=replace(table.primary_key, **fields))

    def edited(constraints: tuple[Any, ...]) -> tuple[Any, ...]:
        if all(each.name != known_as for each in constraints):
            return constraints
        return _with(_without(constraints, known_as), replace(_named(constraints, known_as), **fields))

    return replace(
        table,
        uniques=edited(table.uniques),
        foreign_keys=edited(table.foreign_keys),
        checks=edited(table.checks),
        exclusions=edited(table.exclusions),
    )


def _commented(change: c.CommentChanged, schema: Schema) -> Schema:
    match change.target:
        case c.CommentTarget.TABLE:
            return _on_table(schema, change.of, lambda table: replace(table, comment=change.new))
        case c.CommentTarget.COLUMN:
            return _on_table(schema, change.of, lambda table: _column(table, change.name, comment=change.new))
        case c.CommentTarget.CONSTRAINT:
            return _on_table(schema, change.of, lambda table: _constraint(table, change.name, comment=change.new))
        case c.CommentTarget.INDEX:
            return _comment_index(schema, change)
        case c.CommentTarget.TYPE:
            kind, name = "enums", change.of
        case c.CommentTarget.SEQUENCE:
            kind, name = "sequences", change.of
        case c.CommentTarget.SCHEMA:
            return _comment(schema, "namespaces", change.name, change.new)
        case c.CommentTarget.EXTENSION:
            return _comment(schema, "extensions", change.name, change.new)
    return _comment(schema, kind, name, change.new)


def _comment(schema: Schema, kind: str, name: QName | str, text: str | None) -> Schema:
    things = getattr(schema, kind)
    return replace(schema, **{kind: _with(things, replace(_named(things, name), comment=text))})


def _comment_index(schema: Schema, change: c.CommentChanged) -> Schema:
    for table in schema.tables:
        for index in table.indexes:
            if table.name.schema == change.of.schema and index.name == change.of.name:
                commented = replace(table, indexes=_with(table.indexes, replace(index, comment=change.new)))
                return replace(schema, tables=_with(schema.tables, commented))
    raise KeyError(change.of)
