"""Foreign keys: NOT VALID under SHARE ROW EXCLUSIVE on both tables, then validated while the application works.

Both tables are locked in one statement, the referenced one first, in the order in which an application writes them, so
that nobody is deadlocked. From the moment it is there, NOT VALID or not, ON DELETE and ON UPDATE act: that is a change
of behaviour, and comes once the new version is out.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, columns, ident, qname
from generator.dialects.postgres.recipes.comments import said_again
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    column_ref,
    constraint_ref,
    filled_ref,
    hanging_refs,
    shown,
    stop_if,
    table_ref,
    unique_ref,
)
from generator.dialects.postgres.statements import constraints
from generator.model.change import ForeignKeyAdded, ForeignKeyChanged, ForeignKeyDropped
from generator.model.plan import Action, Hazard, LockMode, Ref, Stage, Step, Undo
from generator.model.schema import ForeignKey, QName, Table


def add_foreign_key(change: ForeignKeyAdded, context: Context) -> Iterator[Step]:
    """Orphans stop it first. On a table that is new there is nothing to read, and it comes with the table."""
    table = context.new.table(change.table)
    if not change.on_new_table or not _key_is_there(change.key, context):
        yield from _add(table, change.key, context)
        return
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Let {table.name} ({columns(change.key.columns)}) reference {change.key.references}.",
        run=add_actions(table.name, change.key),
        undo=Undo(actions=(drop_action(table.name, change.key),)),
        makes=(constraint_ref(table.name, change.key.name),),
        needs=_needs(table.name, change.key),
    )


def drop_foreign_key(change: ForeignKeyDropped, context: Context) -> Iterator[Step]:
    """At contract."""
    yield _drop(change.table, change.key)


def change_foreign_key(change: ForeignKeyChanged, context: Context) -> Iterator[Step]:
    """Another definition: the new one beside the old one, then in its place. Validated only: VALIDATE."""
    table, old, new = change.table, change.old, change.new
    if old.definition == new.definition:
        yield _validated(change)
        return
    built = replace(new, name=aside(new.name, "new"))
    yield from _add(context.new.table(table), built, context, shown_as=new.name)
    tables = _both(table, old) + tuple(each for each in _both(table, new) if each not in _both(table, old))
    lock = constraints.lock_tables(tables, LockMode.ACCESS_EXCLUSIVE)
    there = (
        lock,
        constraints.drop_foreign_key(table, old.name, old.references),
        constraints.rename_constraint(table, built.name, new.name),
    )
    back = (
        lock,
        constraints.rename_constraint(table, new.name, built.name),
        constraints.add_foreign_key_not_valid(table, old),
    )
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Let the new foreign key have the place and the name of {old.name} of {table}.",
        run=(action(there, probes.constraint_is(table, new.name, new.definition)), *said_again(table, new)),
        undo=Undo(
            actions=(
                action(back, probes.constraint_is(table, old.name, old.definition)),
                *add_actions(table, old)[1:],
                *said_again(table, old),
            ),
            loses=f"rows without a row of {old.references} that were written since: it stops until they are corrected",
        ),
        makes=(constraint_ref(table, new.name), Ref(kind="fk gone", of=old.references)),
        needs=(constraint_ref(table, built.name),),
    )


def _both(table: QName, key: ForeignKey) -> tuple[QName, ...]:
    """The tables of a foreign key, the referenced one first."""
    return (table,) if key.references == table else (key.references, table)


def _key_is_there(key: ForeignKey, context: Context) -> bool:
    """Whether what the foreign key refers to is unique already, or comes with a table of its own."""
    if not context.was_there(key.references):
        return True
    before = context.old_table(key.references)
    wanted = set(key.referenced_columns)
    keys = (*((before.primary_key,) if before.primary_key else ()), *before.uniques)
    return any(set(each.columns) == wanted for each in keys) or any(
        index.unique and set(index.columns) == wanted for index in before.indexes
    )


def _needs(table: QName, key: ForeignKey) -> tuple[Ref, ...]:
    """Both tables, their columns, and a key on the referenced ones (whichever constraint or index that is)."""
    return (
        table_ref(table),
        table_ref(key.references),
        *(column_ref(table, name) for name in key.columns),
        *(filled_ref(table, name) for name in key.columns),
        *(column_ref(key.references, name) for name in key.referenced_columns),
        unique_ref(key.references, key.referenced_columns),
    )


def add_actions(table: QName, key: ForeignKey) -> tuple[Action, ...]:
    """NOT VALID, then VALIDATE."""
    there = probes.constraint_is(table, key.name, key.definition)
    tables = _both(table, key)
    actions = (
        action(
            (
                constraints.lock_tables(tables, LockMode.SHARE_ROW_EXCLUSIVE),
                constraints.add_foreign_key_not_valid(table, key),
            ),
            there,
            (
                probes.both(probes.constraint(table, key.name), probes.absent(there)),
                f"{table} has a constraint {key.name} with another definition",
            ),
        ),
    )
    if not key.validated:
        return actions
    valid = probes.constraint_validated(table, key.name, key.definition)
    return (*actions, action(constraints.validate_foreign_key(table, key), valid))


def drop_action(table: QName, key: ForeignKey) -> Action:
    """Both tables locked first, the referenced one before the other."""
    tables = _both(table, key)
    return action(
        (
            constraints.lock_tables(tables, LockMode.ACCESS_EXCLUSIVE),
            constraints.drop_foreign_key(table, key.name, key.references),
        ),
        probes.absent(probes.constraint_is(table, key.name, key.definition)),
    )


def _add(table: Table, key: ForeignKey, context: Context, *, shown_as: str = "") -> Iterator[Step]:
    if key.validated:
        yield orphans(table, key, context)
    acts = [
        f"ON {verb} {does}"
        for verb, does in (("DELETE", key.on_delete), ("UPDATE", key.on_update))
        if does not in ("NO ACTION", "RESTRICT")
    ]
    hazards = (
        (
            Hazard(
                code="foreign-key-acts",
                what=f"{' and '.join(acts)} of {key.name} acts from the moment it is added.",
                effect=f"What is deleted or changed in {key.references} now reaches {table.name};"
                " rolling back does not bring rows back that it has removed.",
                way_out="Have the new version of the application out before this stage.",
            ),
        )
        if acts
        else ()
    )
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Let {table.name} ({columns(key.columns)}) reference {key.references}"
        f" ({columns(key.referenced_columns)}){''.join(' ' + act for act in acts)}"
        f"{', as ' + key.name + ' for now' if shown_as else ''}.",
        run=_unless(add_actions(table.name, key), table.name, shown_as, key),
        undo=Undo(
            actions=(drop_action(table.name, key),),
            loses=f"rows that {' and '.join(acts)} has removed or changed meanwhile" if acts else "",
        ),
        makes=(constraint_ref(table.name, key.name),),
        needs=_needs(table.name, key),
        hazards=hazards,
    )


def orphans(table: Table, key: ForeignKey, context: Context) -> Step:
    """Stops at rows that reference a row which is not there."""
    pairs = zip(key.columns, key.referenced_columns, strict=True)
    joined = " AND ".join(f"parent.{ident(theirs)} = this.{ident(ours)}" for ours, theirs in pairs)
    given = " AND ".join(f"this.{ident(name)} IS NOT NULL" for name in key.columns)
    if "MATCH FULL" in key.definition and len(key.columns) > 1:
        some = " OR ".join(f"this.{ident(name)} IS NOT NULL" for name in key.columns)
        condition = (
            f"({some}) AND NOT ({given} AND EXISTS (SELECT FROM {qname(key.references)} AS parent WHERE {joined}))"
        )
    else:
        condition = f"{given} AND NOT EXISTS (SELECT FROM {qname(key.references)} AS parent WHERE {joined})"
    return stop_if(
        Stage.VALIDATE,
        table.name,
        f"Rows of {table.name} reference a row of {key.references} that is not there",
        f"SELECT {shown(table, key.columns)} FROM {qname(table.name)} AS this WHERE {condition}",
        f"Add the missing rows of {key.references}, or correct or remove these, then run this file again.",
        probes.constraint_validated(table.name, key.name, key.definition),
        context,
        *_needs(table.name, key),
    )


def _drop(table: QName, key: ForeignKey) -> Step:
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop the foreign key {key.name} of {table}.",
        run=(drop_action(table, key),),
        undo=Undo(
            actions=(*add_actions(table, key), *said_again(table, key)),
            loses=f"rows without a row of {key.references} that were written since: it stops until they are corrected",
        ),
        makes=(
            Ref(kind="fk gone", of=key.references),
            Ref(kind="fk gone", of=table),
            *hanging_refs(table, key.columns),
            *hanging_refs(key.references, key.referenced_columns),
        ),
    )


def _unless(actions: tuple[Action, ...], table: QName, name: str, key: ForeignKey) -> tuple[Action, ...]:
    """The same actions, also done once the foreign key has the name under which it is to be known."""
    if not name:
        return actions
    named = probes.constraint_is(table, name, key.definition)
    return tuple(replace(each, done=probes.either(each.done, named)) for each in actions)


def _validated(change: ForeignKeyChanged) -> Step:
    """From NOT VALID to validated; the way back is a new one that is NOT VALID."""
    table, old, new = change.table, change.old, change.new
    validated = probes.constraint_validated(table, new.name, new.definition)
    again = action(
        (
            constraints.drop_foreign_key(table, new.name, new.references),
            constraints.add_foreign_key_not_valid(table, old),
        ),
        probes.absent(validated),
    )
    validate = action(constraints.validate_foreign_key(table, new), validated)
    if new.validated:
        return Step(
            stage=Stage.VALIDATE,
            purpose=f"Validate the foreign key {new.name} of {table}.",
            run=(validate,),
            undo=Undo(actions=(again, *said_again(table, old))),
        )
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Make the foreign key {new.name} of {table} NOT VALID again.",
        run=(again, *said_again(table, new)),
        undo=Undo(actions=(validate,)),
    )
