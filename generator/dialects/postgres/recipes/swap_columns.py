"""Retyped columns change places with their second ones: one transaction over all tables that hang together.

It renames, and changes the catalog otherwise; it reads no row. What cannot stay as it is in between goes first and
comes again: views and the like, foreign keys to a key that changes, the primary key itself, whose new index is there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.expressions import with_columns
from generator.dialects.postgres.names import aside
from generator.dialects.postgres.recipes import rehang
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    build_index,
    column_ref,
    filled_ref,
    hanging_refs,
    other_ref,
    remove_index,
)
from generator.dialects.postgres.recipes.dependents import needs_around, rebuild_of
from generator.dialects.postgres.recipes.foreign_keys import orphans
from generator.dialects.postgres.recipes.keys import deferrable, index_body, kind_of
from generator.dialects.postgres.recipes.moved_column import MovedColumn, moved_column
from generator.dialects.postgres.recipes.replace_type import put_back, put_in_place, type_hazards
from generator.dialects.postgres.recipes.swaps import Swap
from generator.dialects.postgres.recipes.twins import Twin, moved_key, twins_of
from generator.dialects.postgres.statements import constraints
from generator.diff.renaming import renamed_in
from generator.diff.replaced import name_of
from generator.model.change import (
    ConstraintRenamed,
    IndexAdded,
    IndexRenamed,
    PrimaryKeyAdded,
    TableDropped,
    UniqueAdded,
)
from generator.model.plan import Action, Hazard, Ref, Stage, Statement, Step, Undo
from generator.model.schema import ForeignKey, PrimaryKey, QName, Table
from generator.model.uses import uses


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """The primary key of a table of which a column changes places."""

    table: QName
    old: PrimaryKey
    new: PrimaryKey
    seconds: Mapping[str, str]

    @property
    def index(self) -> str:
        """The index of the new key until contract."""
        return aside(self.new.name, "new")

    @property
    def spare(self) -> str:
        """A second index of the old key, which is kept for the way back: so that it takes no longer than the swap."""
        return aside(self.old.name, "dropped")

    def body(self, *, names: Mapping[str, str]) -> str:
        """The index of the new key, with other names for its columns."""
        return with_columns(index_body(self.new), names)


def swap_columns(swap: Swap, context: Context) -> Iterator[Step]:
    """Twins of what hangs on the columns in validate, the swap at contract; what is kept goes in cleanup."""
    columns = tuple(moved_column(change, context) for change in swap.changes)
    hung = tuple(_hung(swap, context))
    keys = tuple(_keys(swap, context))
    twins: dict[QName, tuple[Twin, ...]] = {}
    for name in swap.tables:
        former = {
            each.new: each.old
            for each in context.changes
            if isinstance(each, ConstraintRenamed | IndexRenamed) and each.table == name
        }
        rehung = {each.after.name for each in hung if each.after is not None and each.table == name}
        table, before = context.new.table(name), _table_before(name, context)
        twins[name] = tuple(twins_of(table, before, swap.seconds(name), former, rehung))
        for twin in twins[name]:
            yield twin.step(name)
    for key in keys:
        yield _build(key)
    for each in hung:
        if each.after is not None:
            yield _orphans(each.table, each.after, swap, context)
    yield _swap(swap, columns, hung, keys, twins, context)
    for column in columns:
        mine = [twin for twin in twins[column.table] if column.second in twin.columns]
        first = [twin for twin in mine if next(c for c in columns if c.second in twin.columns) == column]
        yield column.dropped(*(each for twin in first for each in twin.drop_kept))


def _table_before(name: QName, context: Context) -> Table:
    """The table as it is before contract, with what makes rows unique and is added in validate."""
    table = context.old_table(name)
    for each in context.changes:
        if isinstance(each, UniqueAdded) and each.table == name:
            table = replace(table, uniques=(*table.uniques, each.unique))
        if isinstance(each, IndexAdded) and each.table == name and each.index.unique:
            table = replace(table, indexes=(*table.indexes, each.index))
        if isinstance(each, PrimaryKeyAdded) and each.table == name:
            table = replace(table, primary_key=each.key)
    return table


def _hung(swap: Swap, context: Context) -> Iterator[rehang.Hung]:
    """Foreign keys that refer to a column which changes places: as they are in the old schema and in the new.

    And those of a column which changes places, where the table that they refer to goes.
    """
    goes = _tables_that_go(context)
    for table in context.new.tables:
        before = context.old_table(table.name).foreign_keys if context.was_there(table.name) else ()
        for key in table.foreign_keys:
            was = _former(table.name, key.name, context)
            old = next((each for each in before if each.name == was), None)
            leaves = old is not None and old.references in goes and swap.moves(table.name, key.columns)
            moves = leaves or swap.moves(key.references, key.referenced_columns)
            if moves and table.inherited_from(key.name) is None:
                yield rehang.Hung(table=table.name, before=_by_new_name(old, context), after=key)


def _tables_that_go(context: Context) -> frozenset[QName]:
    return frozenset(each.table.name for each in context.changes if isinstance(each, TableDropped))


def _former(table: QName, name: str, context: Context) -> str:
    """The name that a constraint had before."""
    renamed = (each for each in context.changes if isinstance(each, ConstraintRenamed) and each.table == table)
    return next((each.old for each in renamed if each.new == name), name)


def _by_new_name(key: ForeignKey | None, context: Context) -> ForeignKey | None:
    """The foreign key with the new name of the table that it refers to."""
    if key is None or key.references not in context.renamed_tables:
        return key
    name = context.renamed_tables[key.references]
    return replace(key, references=name, definition=renamed_in(key.definition, key.references, name))


def _keys(swap: Swap, context: Context) -> Iterator[_Key]:
    for name in swap.tables:
        new, old = context.new.table(name).primary_key, _table_before(name, context).primary_key
        if new is not None and old is not None and swap.moves(name, uses(new)):
            yield _Key(table=name, old=old, new=new, seconds=swap.seconds(name))


def _build(key: _Key) -> Step:
    """The index of the new primary key, beside the old key; and one more of the old key."""
    names = tuple(key.seconds.get(name, name) for name in uses(key.new))
    required = tuple(key.seconds.get(name, name) for name in key.new.columns)
    index = remove_index(key.table, key.index, unique=True, body=key.body(names=key.seconds), replaced=False)
    spare = remove_index(key.table, key.spare, unique=True, body=index_body(key.old), replaced=False)
    return Step(
        stage=Stage.VALIDATE,
        purpose=f"Build the index of the primary key of {key.table} for the new column, as {key.index} for now;"
        f" and that of the old column once more as {key.spare}, for the way back.",
        run=_indexes(key),
        undo=Undo(actions=(*index, *spare)),
        makes=(Ref(kind="index", of=key.table, name=key.index),),
        needs=(
            *(ref for name in names for ref in (column_ref(key.table, name), filled_ref(key.table, name))),
            *(Ref(kind="required", of=key.table, name=name) for name in required),
        ),
    )


def _indexes(key: _Key) -> tuple[Action, ...]:
    return (
        *build_index(key.table, key.index, unique=True, body=key.body(names=key.seconds)),
        *build_index(key.table, key.spare, unique=True, body=index_body(key.old)),
    )


def _orphans(table: QName, key: ForeignKey, swap: Swap, context: Context) -> Step:
    """Before the swap, while nothing has changed for anybody: rows whose reference would lead nowhere."""
    seconds = swap.seconds(table)
    moved = moved_key(key, seconds, swap.seconds(key.references))
    return orphans(context.new.table(table), moved, context)


def _swap(
    swap: Swap,
    columns: tuple[MovedColumn, ...],
    hung: tuple[rehang.Hung, ...],
    keys: tuple[_Key, ...],
    twins: Mapping[QName, tuple[Twin, ...]],
    context: Context,
) -> Step:
    rebuild = rebuild_of(((each.table, each.old.name, each.new.name) for each in columns), context)
    turned = tuple(each.turned for each in hung)
    lock = rehang.locked(swap.tables, hung, context)
    there = [*lock, *rebuild.taken_away(), *rehang.let_go(hung)]
    there += [_change_key(key) for key in keys]
    there += [rename for table, each in twins.items() for twin in each for rename in twin.forth(table)]
    there += [statement for column in columns for statement in column.forth()]
    there += [*rehang.hung_again(hung), *rebuild.made_again()]
    # A type comes last, and goes back first: until then all that is made speaks of it by its other name.
    there += [statement for each in swap.types(context) for statement in put_in_place(each, context)]
    back = [*lock, *(statement for each in swap.types(context) for statement in put_back(each, context))]
    back += [*rebuild.taken_away(back=True), *rehang.let_go(turned)]
    back += [_change_key_back(key) for key in keys]
    back += [rename for table, each in twins.items() for twin in each for rename in twin.back(table)]
    back += [statement for column in columns for statement in column.back()]
    back += [*rehang.hung_again(turned), *rebuild.made_again(back=True)]
    swapped = probes.column(columns[0].table, columns[0].kept)
    return Step(
        stage=Stage.CONTRACT,
        purpose=_purpose(columns),
        run=(action(there, swapped), *rehang.validated(hung)),
        undo=Undo(
            actions=(
                *(each for column in columns for each in column.before_back(swapped)),
                action(back, probes.absent(swapped)),
                *rehang.validated(turned),
                *(each for key in keys for each in _indexes(key)),
            ),
            loses=_loses(columns),
        ),
        makes=(
            *(Ref(kind="gone", of=each.table, name=each.new.name) for each in columns),
            *(other_ref(each) for each in rebuild.after),
            *(Ref(kind="type replaced", of=name_of(each)) for each in swap.types(context)),
            *(
                Ref(kind="fk gone", of=each.before.references)
                for each in hung
                if each.before is not None and each.before.references in _tables_that_go(context)
            ),
        ),
        needs=tuple(dict.fromkeys((*_needs(columns, keys, context), *needs_around(rebuild, context)))),
        hazards=(
            *(hazard for each in swap.types(context) for hazard in type_hazards(each)),
            *(_hazard(each) for each in columns),
        ),
    )


def _purpose(columns: tuple[MovedColumn, ...]) -> str:
    if len(columns) == 1:
        (one,) = columns
        return (
            f"Let {one.table}.{one.new.name} be the column of type {one.new_type};"
            f" the one of type {one.old_type} is kept as {one.kept} until cleanup."
        )
    named = ", ".join(f"{each.table}.{each.new.name} ({each.new_type})" for each in columns)
    return f"Let {named} be the columns of the new types, all at once; those of the old types are kept until cleanup."


def _loses(columns: tuple[MovedColumn, ...]) -> str:
    none = [f"{each.table}.{each.new.name}" for each in columns if each.mirror.back is None]
    return f"what was written into {', '.join(none)} since contract" if none else ""


def _needs(columns: tuple[MovedColumn, ...], keys: tuple[_Key, ...], context: Context) -> Iterator[Ref]:
    for each in columns:
        yield filled_ref(each.table, each.second)
        yield from hanging_refs(each.table, (each.old.name,))
        yield Ref(kind="old name gone", of=each.table)
    for key in keys:
        yield Ref(kind="index", of=key.table, name=key.index)


def _hazard(column: MovedColumn) -> Hazard:
    name = f"{column.table}.{column.new.name}"
    return Hazard(
        code="type-changes-at-contract",
        what=f"{name} is {column.old_type} until contract, and {column.new_type} from then on.",
        effect="A process that cannot read or write both breaks at that moment, or before it.",
        way_out="Have the new version read and write both types, or start it together with contract.",
    )


def _change_key(key: _Key) -> Statement:
    return constraints.swap_key(key.table, key.old.name, key.new.name, kind_of(key.new), key.index, deferrable(key.new))


def _change_key_back(key: _Key) -> Statement:
    old = key.old
    return constraints.swap_key(key.table, key.new.name, old.name, kind_of(old), key.spare, deferrable(old))
