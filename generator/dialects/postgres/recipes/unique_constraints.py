"""Unique constraints and primary keys: an index built concurrently, then made a constraint without a scan.

One that is replaced under the same name is renamed aside first, so that the build stays safe to run again, and stays
in force until contract: the old version may name its columns in ON CONFLICT.
"""

import re
from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, columns, ident, literal, qname
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    build_index,
    column_ref,
    constraint_ref,
    filled_ref,
    stop_if,
    unique_ref,
)
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

Key = PrimaryKey | Unique


def add_unique(change: UniqueAdded, context: Context) -> Iterator[Step]:
    """Duplicates stop it first; then the index, then the constraint."""
    yield from _add(context.new.table(change.table), change.unique, context)


def drop_unique(change: UniqueDropped, context: Context) -> Iterator[Step]:
    """At contract: until then the old version may count on it."""
    yield _drop(change.table, change.unique)


def change_unique(change: UniqueChanged, context: Context) -> Iterator[Step]:
    """The old one aside, the new one beside it, the old one dropped at contract."""
    table = context.new.table(change.table)
    kept = aside(change.old.name, "old")
    yield _set_aside(change.table, change.old, kept)
    yield from _add(table, change.new, context, Ref(kind="aside", of=change.table, name=change.old.name))
    yield _drop(change.table, change.old, name=kept)


def add_primary_key(change: PrimaryKeyAdded, context: Context) -> Iterator[Step]:
    """As a unique constraint; its columns are NOT NULL by changes of their own."""
    yield from _add(context.new.table(change.table), change.key, context)


def drop_primary_key(change: PrimaryKeyDropped, context: Context) -> Iterator[Step]:
    """At contract; its columns stay NOT NULL unless they change as well."""
    yield _drop(change.table, change.key)


def change_primary_key(change: PrimaryKeyChanged, context: Context) -> Iterator[Step]:
    """The index of the new key in validate; old and new change places in one ALTER at contract."""
    table = context.new.table(change.table)
    old, new = change.old, change.new
    index = aside(new.name, "new")
    yield from _gate(table, new, context)
    done = _is(change.table, new)
    body = index_body(new)
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Build the index of the new primary key of {table.name} on ({columns(new.columns)}).",
        run=_unless_swapped(build_index(change.table, index, unique=True, body=body), done),
        undo=Undo(actions=(_drop_index(change.table, index),)),
        makes=(Ref(kind="index", of=change.table, name=index),),
        needs=_needs(table, new),
    )
    back = aside(old.name, "back")
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Change the primary key of {table.name} from ({columns(old.columns)}) to ({columns(new.columns)}).",
        run=(action(constraints.swap_key(change.table, old.name, new.name, index, _deferrable(new)), done),),
        undo=Undo(
            actions=(
                *_unless_swapped(
                    build_index(change.table, back, unique=True, body=index_body(old)), _is(change.table, old)
                ),
                action(
                    constraints.swap_key(change.table, new.name, old.name, back, _deferrable(old)),
                    _is(change.table, old),
                ),
                *_unless_swapped(
                    build_index(change.table, index, unique=True, body=body), probes.absent(_is(change.table, old))
                ),
            )
        ),
        makes=(Ref(kind="key gone", of=change.table),),
        needs=(Ref(kind="index", of=change.table, name=index),),
    )


def index_body(key: Key) -> str:
    """The index that the server would make for the constraint, as pg_get_indexdef prints it."""
    include = re.search(r" INCLUDE \((.*?)\)(?= |$)", key.definition)
    nulls = " NULLS NOT DISTINCT" if isinstance(key, Unique) and key.nulls_not_distinct else ""
    return f"USING btree ({columns(key.columns)}){include.group(0) if include else ''}{nulls}"


def _deferrable(key: Key) -> str:
    found = re.search(r" DEFERRABLE.*$", key.definition)
    return found.group(0) if found else ""


def _kind(key: Key) -> str:
    return "PRIMARY KEY" if isinstance(key, PrimaryKey) else "UNIQUE"


def _is(table: QName, key: Key) -> str:
    return probes.constraint_is(table, key.name, key.definition)


def _needs(table: Table, key: Key) -> tuple[Ref, ...]:
    filled = tuple(ref for name in key.columns for ref in (column_ref(table.name, name), filled_ref(table.name, name)))
    required = tuple(Ref(kind="required", of=table.name, name=name) for name in key.columns)
    return filled + (required if isinstance(key, PrimaryKey) else ())


def _gate(table: Table, key: Key, context: Context) -> Iterator[Step]:
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
        _is(table.name, key),
        context,
        *_needs(table, key),
    )


def _add(table: Table, key: Key, context: Context, *needs: Ref) -> Iterator[Step]:
    yield from _gate(table, key, context)
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Make {table.name} ({columns(key.columns)}) {_kind(key)} as {key.name}.",
        run=unique_actions(table.name, key),
        undo=Undo(actions=(*drop_actions(table.name, key.name),)),
        makes=(constraint_ref(table.name, key.name), unique_ref(table.name, key.columns)),
        needs=(*_needs(table, key), *needs),
    )


def unique_actions(table: QName, key: Key) -> tuple[Action, ...]:
    """The index, then the constraint."""
    return (
        *build_index(table, key.name, unique=True, body=index_body(key)),
        action(constraints.use_index(table, key.name, _kind(key), key.name, _deferrable(key)), _is(table, key)),
    )


def _drop_index(table: QName, name: str) -> Action:
    from generator.dialects.postgres.statements.indexes import drop_index_concurrently

    return action(drop_index_concurrently(table, name), probes.absent(probes.relation(QName(table.schema, name))))


def drop_actions(table: QName, name: str) -> tuple[Action, ...]:
    """The constraint takes its index along; an index that was not yet made a constraint goes on its own."""
    return (
        action(constraints.drop_constraint(table, name), probes.absent(probes.constraint(table, name))),
        _drop_index(table, name),
    )


def _drop(table: QName, key: Key, *, name: str | None = None) -> Step:
    """At contract. Its undo builds it again."""
    named = name or key.name
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop {'the primary key' if isinstance(key, PrimaryKey) else 'the unique constraint'} {key.name}"
        f" of {table} ({columns(key.columns)}){' that was replaced' if name else ''}.",
        run=(action(constraints.drop_constraint(table, named), probes.absent(probes.constraint(table, named))),),
        undo=Undo(
            actions=(
                *build_index(table, named, unique=True, body=index_body(key)),
                action(
                    constraints.use_index(table, named, _kind(key), named, _deferrable(key)),
                    probes.constraint_is(table, named, key.definition),
                ),
            ),
            loses="stops if duplicates have been written",
        ),
        makes=(Ref(kind="key gone", of=table),),
        needs=(Ref(kind="table", of=table),),
    )


def _set_aside(table: QName, key: Key, kept: str) -> Step:
    return Step(
        stage=Stage.VALIDATE,
        purpose=f"Rename the constraint {key.name} of {table} to {kept}, so that the new one can have its name.",
        run=(
            action(
                constraints.rename_constraint(table, key.name, kept),
                probes.absent(probes.constraint_is(table, key.name, key.definition)),
            ),
        ),
        undo=Undo(
            actions=(
                action(
                    constraints.rename_constraint(table, kept, key.name),
                    probes.constraint(table, key.name),
                ),
            )
        ),
        makes=(Ref(kind="aside", of=table, name=key.name),),
    )


def _unless_swapped(actions: tuple[Action, ...], swapped: str) -> tuple[Action, ...]:
    """The same actions, also done once old and new have changed places."""
    return tuple(
        Action(statements=each.statements, done=probes.either(each.done, swapped), refuse=each.refuse)
        for each in actions
    )
