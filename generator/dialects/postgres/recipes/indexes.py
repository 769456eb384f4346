"""Indexes, built and dropped concurrently: the application reads and writes all the while.

One that is replaced under the same name is renamed aside first (a lock on the index only): the planner goes on using
it until contract, and the build stays safe to run again.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside
from generator.dialects.postgres.recipes.comments import said_again
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    aside_ref,
    build_index,
    column_ref,
    filled_ref,
    hanging_refs,
    remove_index,
    table_ref,
    unique_ref,
)
from generator.dialects.postgres.recipes.rehang import Hung, hung_again, hung_on, let_go, locked, validated
from generator.dialects.postgres.statements import indexes
from generator.model.change import IndexAdded, IndexChanged, IndexDropped, IndexRenamed
from generator.model.plan import Action, Ref, Stage, Step, Undo
from generator.model.schema import Index, QName


def add_index(change: IndexAdded, context: Context) -> Iterator[Step]:
    """After the back-fill, so that filled rows are written to one index less."""
    replaced = context.name_was_there(change.table, change.index.name)
    yield _build(change.table, change.index, context, replaced=replaced)


def drop_index(change: IndexDropped, context: Context) -> Iterator[Step]:
    """At contract: until then the old version may live on it."""
    if context.name_comes_again(change.table, change.index.name):
        yield _set_aside(change.table, change.index)
        yield _drop(change.table, change.index, context, name=aside(change.index.name, "old"))
    else:
        yield _drop(change.table, change.index, context)


def change_index(change: IndexChanged, context: Context) -> Iterator[Step]:
    """The old one aside, the new one beside it, the old one dropped at contract."""
    yield _set_aside(change.table, change.old)
    yield _build(change.table, change.new, context, replaced=True)
    yield _drop(change.table, change.old, context, name=aside(change.old.name, "old"))


def _set_aside(table: QName, index: Index) -> Step:
    kept = aside(index.name, "old")
    return Step(
        stage=Stage.VALIDATE,
        purpose=f"Rename the index {index.name} of {table} to {kept}, to free its name for the new one.",
        run=(rename_action(table, index, kept),),
        undo=Undo(
            actions=(
                action(indexes.rename_index(table, kept, index.name), probes.relation(QName(table.schema, index.name))),
            )
        ),
        makes=(aside_ref(table, index.name),),
    )


def rename_index(change: IndexRenamed, context: Context) -> Iterator[Step]:
    """A change in the catalog, without a lock on the table."""
    old, new = (QName(change.table.schema, name) for name in (change.old, change.new))
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Rename the index {change.old} of {change.table} to {change.new}.",
        run=(action(indexes.rename_index(change.table, change.old, change.new), probes.relation(new)),),
        undo=Undo(actions=(action(indexes.rename_index(change.table, change.new, change.old), probes.relation(old)),)),
        needs=(table_ref(change.table),),
    )


def rename_action(table: QName, index: Index, kept: str) -> Action:
    """Renames the old index aside; done also when the new one already has the name."""
    return action(
        indexes.rename_index(table, index.name, kept),
        probes.absent(probes.index_free(table, index.name, unique=index.unique, body=index.body)),
    )


def _build(table: QName, index: Index, context: Context, *, replaced: bool) -> Step:
    unique = "unique " if index.unique else ""
    return Step(
        stage=Stage.VALIDATE,
        purpose=f"Build the {unique}index {index.name} on {table} {index.body.removeprefix('USING btree ')}.",
        run=(*build_index(table, index.name, unique=index.unique, body=index.body), *said_again(table, index)),
        undo=Undo(
            actions=(
                *_let_go(table, index, index.name, hung_on(table, (index,), context.before), context),
                *remove_index(table, index.name, unique=index.unique, body=index.body, replaced=replaced),
            )
        ),
        makes=(
            Ref(kind="index", of=table, name=index.name),
            *((unique_ref(table, index.columns),) if index.unique else ()),
        ),
        needs=(
            table_ref(table),
            *(ref for name in index.columns for ref in (column_ref(table, name), filled_ref(table, name))),
            aside_ref(table, index.name),
        ),
    )


def _let_go(table: QName, index: Index, name: str, hung: tuple[Hung, ...], context: Context) -> tuple[Action, ...]:
    """Where foreign keys may hang on a unique index, it goes in one transaction with them, which come back to another.

    It has to be that index: on the way back another one may have its name again.
    """
    if not index.unique or not hung:
        return ()
    is_it = probes.index_free(table, name, unique=True, body=index.body)
    dropped = (*locked((table,), hung, context), *let_go(hung), indexes.drop_index(table, name), *hung_again(hung))
    return (action(dropped, probes.absent(is_it)), *validated(hung))


def drop_index_action(table: QName, name: str) -> Action:
    """DROP INDEX CONCURRENTLY."""
    return action(
        indexes.drop_index_concurrently(table, name), probes.absent(probes.relation(QName(table.schema, name)))
    )


def _drop(table: QName, index: Index, context: Context, *, name: str = "") -> Step:
    named = name or index.name
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop the index {index.name} of {table}{' that was replaced' if name else ''}.",
        run=(
            *_let_go(table, index, named, hung_on(table, (index,), context.new), context),
            drop_index_action(table, named),
        ),
        undo=Undo(
            actions=(
                *build_index(table, named, unique=index.unique, body=index.body),
                *said_again(table, replace(index, name=named)),
            ),
            loses="duplicates that were written since: it stops until they are corrected" if index.unique else "",
        ),
        makes=hanging_refs(table, index.columns),
        needs=(table_ref(table),),
    )
