"""Unique constraints and primary keys: an index built concurrently, then made a constraint without a scan.

One that is replaced stays in force until contract, since the old version may name its columns in ON CONFLICT; then old
and new change places in one ALTER.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, columns, ident, literal, qname
from generator.dialects.postgres.recipes.comments import said_again
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    aside_ref,
    build_index,
    column_ref,
    constraint_ref,
    filled_ref,
    hanging_refs,
    remove_index,
    stop_if,
    unique_ref,
)
from generator.dialects.postgres.recipes.keys import Key, deferrable, index_body, is_key, kind_of
from generator.dialects.postgres.recipes.rehang import Hung, hung_again, hung_on, let_go, locked, validated
from generator.dialects.postgres.statements import constraints
from generator.model.change import (
    PrimaryKeyAdded,
    PrimaryKeyChanged,
    PrimaryKeyDropped,
    UniqueAdded,
    UniqueChanged,
    UniqueDropped,
)
from generator.model.plan import Action, Ref, Stage, Step, Undo
from generator.model.schema import PrimaryKey, QName, Table, Unique
from generator.model.uses import uses


def add_unique(change: UniqueAdded, context: Context) -> Iterator[Step]:
    """Duplicates stop it first; then the index, then the constraint."""
    yield from _add(context.new.table(change.table), change.unique, context)


def drop_unique(change: UniqueDropped, context: Context) -> Iterator[Step]:
    """At contract: until then the old version may count on it."""
    yield from _drop(change.table, change.unique, context)


def change_unique(change: UniqueChanged, context: Context) -> Iterator[Step]:
    """Both are in force until contract: the old one as a constraint, the new one as an index."""
    yield from _change(context.new.table(change.table), change.old, change.new, context)


def add_primary_key(change: PrimaryKeyAdded, context: Context) -> Iterator[Step]:
    """As a unique constraint; its columns are NOT NULL by changes of their own."""
    yield from _add(context.new.table(change.table), change.key, context)


def drop_primary_key(change: PrimaryKeyDropped, context: Context) -> Iterator[Step]:
    """At contract; its columns stay NOT NULL unless they change as well."""
    yield from _drop(change.table, change.key, context)


def change_primary_key(change: PrimaryKeyChanged, context: Context) -> Iterator[Step]:
    """The index of the new key in validate; old and new change places in one ALTER at contract."""
    yield from _change(context.new.table(change.table), change.old, change.new, context)


def _change(table: Table, old: Key, new: Key, context: Context) -> Iterator[Step]:
    yield from gate(table, new, context)
    if "DEFERRABLE" in old.definition and "DEFERRABLE" not in new.definition:
        yield _in_turn(table, old, new)
        return
    index, body = aside(new.name, "new"), index_body(new)
    kind = "primary key" if isinstance(new, PrimaryKey) else f"unique constraint {new.name}"
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Build the index of the new {kind} of {table.name} on ({columns(new.columns)}).",
        run=_unless(build_index(table.name, index, unique=True, body=body), is_key(table.name, new)),
        undo=Undo(actions=remove_index(table.name, index, unique=True, body=body, replaced=False)),
        makes=(Ref(kind="index", of=table.name, name=index), unique_ref(table.name, new.columns)),
        needs=_needs(table, new),
    )
    hung = hung_on(table.name, (old, new), context.new)
    lock = locked((table.name,), hung, context)
    parked = aside(new.name, "dropped")
    # The way back frees the name first: so that the old index is built under its own name, and only once. What refers
    # to the new key needs an index of it all the time.
    back = (
        action(constraints.rename_constraint(table.name, new.name, parked), probes.absent(is_key(table.name, new))),
        *build_index(table.name, old.name, unique=True, body=index_body(old)),
        *build_index(table.name, index, unique=True, body=body),
        action(
            (
                *lock,
                *let_go(hung),
                constraints.swap_key(table.name, parked, old.name, kind_of(old), old.name, deferrable(old)),
                *hung_again(hung),
            ),
            is_key(table.name, old),
        ),
        *validated(hung),
        *said_again(table.name, old),
    )
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Let the {kind} of {table.name} be the new one, on ({columns(new.columns)}).",
        run=(
            action(
                (
                    *lock,
                    *let_go(hung),
                    constraints.swap_key(table.name, old.name, new.name, kind_of(new), index, deferrable(new)),
                    *hung_again(hung),
                ),
                is_key(table.name, new),
            ),
            *validated(hung),
            *said_again(table.name, new),
        ),
        undo=Undo(
            actions=back, loses="duplicates by the old one, which were written since: it stops until they are corrected"
        ),
        makes=(Ref(kind="key gone", of=table.name), *hanging_refs(table.name, uses(old))),
        needs=(Ref(kind="index", of=table.name, name=index), Ref(kind="fk gone", of=table.name)),
    )


def _in_turn(table: Table, old: Key, new: Key) -> Step:
    """ON CONFLICT can use neither a deferrable constraint nor one beside it: the old one goes as the new one comes.

    No foreign key hangs on a deferrable one, and those that hang on the new one come after it.
    """
    name, kept, parked = table.name, aside(new.name, "old"), aside(new.name, "dropped")

    def turn(before: Key, after: Key, called: str) -> tuple[Action, ...]:
        swapped = constraints.swap_key(name, called, after.name, kind_of(after), after.name, deferrable(after))
        return (
            action(constraints.rename_constraint(name, before.name, called), probes.absent(is_key(name, before))),
            *build_index(name, after.name, unique=True, body=index_body(after)),
            action(swapped, is_key(name, after)),
            *said_again(name, after),
        )

    interrupted = (
        *remove_index(name, new.name, unique=True, body=index_body(new), replaced=True),
        action(constraints.rename_constraint(name, kept, old.name), probes.absent(probes.constraint(name, kept))),
    )
    return Step(
        stage=Stage.VALIDATE,
        purpose=f"Let {new.name} of {name} no longer be deferrable.",
        run=turn(old, new, kept),
        undo=Undo(actions=(*interrupted, *turn(new, old, parked))),
        makes=(
            constraint_ref(name, new.name),
            unique_ref(name, new.columns),
            Ref(kind="key gone", of=name),
            *hanging_refs(name, uses(old)),
        ),
        needs=_needs(table, new),
    )


def _needs(table: Table, key: Key) -> tuple[Ref, ...]:
    filled = tuple(ref for name in uses(key) for ref in (column_ref(table.name, name), filled_ref(table.name, name)))
    required = tuple(Ref(kind="required", of=table.name, name=name) for name in key.columns)
    return filled + (required if isinstance(key, PrimaryKey) else ())


def gate(table: Table, key: Key, context: Context) -> Iterator[Step]:
    """Names the duplicates before an index build would stop at the first of them."""
    distinct = isinstance(key, Unique) and key.nulls_not_distinct
    where = "" if distinct else " WHERE " + " AND ".join(f"this.{ident(name)} IS NOT NULL" for name in key.columns)
    values = " || ', ' || ".join(
        f"{literal(ident(name) + ' = ')} || quote_nullable(this.{ident(name)})" for name in key.columns
    )
    listed = ", ".join(f"this.{ident(name)}" for name in key.columns)
    yield stop_if(
        Stage.VALIDATE,
        table.name,
        f"Several rows of {table.name} have the same {', '.join(key.columns)}",
        f"SELECT count(*) || ' rows have ' || {values} FROM {qname(table.name)} AS this{where}"
        f" GROUP BY {listed} HAVING count(*) > 1",
        "Change or remove the duplicates, then run this file again.",
        is_key(table.name, key),
        context,
        *_needs(table, key),
    )


def _add(table: Table, key: Key, context: Context) -> Iterator[Step]:
    yield from gate(table, key, context)
    replaced = context.name_was_there(table.name, key.name)
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Make {table.name} ({columns(key.columns)}) {kind_of(key)} as {key.name}.",
        run=unique_actions(table.name, key),
        undo=Undo(
            actions=drop_actions(
                table.name, key, replaced=replaced, hung=hung_on(table.name, (key,), context.before), context=context
            )
        ),
        makes=(constraint_ref(table.name, key.name), unique_ref(table.name, key.columns)),
        needs=(*_needs(table, key), aside_ref(table.name, key.name)),
    )


def unique_actions(table: QName, key: Key) -> tuple[Action, ...]:
    """The index, then the constraint."""
    return (
        *build_index(table, key.name, unique=True, body=index_body(key)),
        action(constraints.use_index(table, key.name, kind_of(key), key.name, deferrable(key)), is_key(table, key)),
    )


def drop_actions(
    table: QName,
    key: Key,
    *,
    replaced: bool = False,
    hung: tuple[Hung, ...] = (),
    context: Context | None = None,
) -> tuple[Action, ...]:
    """The constraint takes its index along; an index that was not yet made a constraint goes on its own.

    ``hung`` are foreign keys that may hang on it, and can hang on another key of the same columns.
    """
    lock = locked((table,), hung, context) if context is not None else ()
    dropped = (*lock, *let_go(hung), constraints.drop_constraint(table, key.name), *hung_again(hung))
    return (
        action(dropped, probes.absent(is_key(table, key))),
        *validated(hung),
        *remove_index(table, key.name, unique=True, body=index_body(key), replaced=replaced),
    )


def _drop(table: QName, key: Key, context: Context) -> Iterator[Step]:
    """At contract; its undo builds it again. Renamed aside before where its name is wanted for something else."""
    named = key.name
    if context.name_comes_again(table, key.name):
        named = aside(key.name, "old")
        yield _set_aside(table, key, named)
    what = "the primary key" if isinstance(key, PrimaryKey) else f"the unique constraint {key.name}"
    kept = replace(key, name=named)
    hung = hung_on(table, (key,), context.new)
    lock = locked((table,), hung, context)
    dropped = (*lock, *let_go(hung), constraints.drop_constraint(table, named), *hung_again(hung))
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop {what} of {table} ({columns(key.columns)}).",
        run=(action(dropped, probes.absent(probes.constraint(table, named))), *validated(hung)),
        undo=Undo(
            actions=(*unique_actions(table, kept), *said_again(table, kept)),
            loses="duplicates that were written since: it stops until they are corrected",
        ),
        makes=(Ref(kind="key gone", of=table), *hanging_refs(table, uses(key))),
        needs=(Ref(kind="table", of=table), Ref(kind="fk gone", of=table)),
    )


def _set_aside(table: QName, key: Key, kept: str) -> Step:
    return Step(
        stage=Stage.VALIDATE,
        purpose=f"Rename the constraint {key.name} of {table} to {kept}, to free its name for the new one.",
        run=(action(constraints.rename_constraint(table, key.name, kept), probes.absent(is_key(table, key))),),
        undo=Undo(
            actions=(action(constraints.rename_constraint(table, kept, key.name), probes.constraint(table, key.name)),)
        ),
        makes=(aside_ref(table, key.name),),
    )


def _unless(actions: tuple[Action, ...], swapped: str) -> tuple[Action, ...]:
    """The same actions, also done once old and new have changed places."""
    return tuple(replace(each, done=probes.either(each.done, swapped)) for each in actions)
