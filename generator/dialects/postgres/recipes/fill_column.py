"""A column filled for the rows that exist, and kept filled for what the old version of the application writes.

The sync triggers come first and the batches after them, so that no row written meanwhile is missed. Indexes and
constraints on the column come after the batches: then an update can be HOT, and costs no index or foreign key check.
The triggers stay until contract, since until then processes of the old version may write rows without the column.
"""

import re
from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.expressions import plain_equalities
from generator.dialects.postgres.locks import access_share, row_exclusive, share_row_exclusive, share_update_exclusive
from generator.dialects.postgres.names import ident
from generator.dialects.postgres.recipes.context import Context, action, column_ref, filled_ref, switch_off, works
from generator.dialects.postgres.recipes.filling import filling_of
from generator.dialects.postgres.statements import tables, triggers
from generator.model.answers import Backfill, Unmatched
from generator.model.plan import (
    Action,
    CannotUndo,
    Filling,
    Hazard,
    Mirror,
    Pace,
    Ref,
    Stage,
    Statement,
    Step,
    Template,
    Undo,
)
from generator.model.schema import Column, QName, Table


def fill_column(table: Table, column: Column, backfill: Backfill, context: Context) -> Iterator[Step]:
    """Sync triggers, batches, and the triggers' end."""
    filling = filling_of(table, column, backfill, context)
    if filling.create:
        yield _note_created(filling)
    late = _listens_to_source(filling, context)
    yield _sync(filling, late=late)
    yield _batches(filling, _loses(filling, context), Ref(kind="sync", of=table.name, name=column.name))
    yield _stop_syncing(filling, late=late)
    if backfill.unmatched in (Unmatched.CREATE, Unmatched.DELETE):
        yield _forget(filling)


def copy_column(table: Table, column: Column, mirror: Mirror, context: Context) -> Iterator[Step]:
    """Fills a mirrored column: its trigger is there already, and copies; the batches only touch what is not yet."""
    backfill = Backfill(value=mirror.forward)
    filling = filling_of(table, column, backfill, context, sync=False)
    yield _batches(filling, "", column_ref(table.name, column.name))


def _listens_to_source(filling: Filling, context: Context) -> bool:
    """Whether the source gets a trigger too, for a row that arrives after the one which waits for it.

    Only where an index of the table finds the rows that wait: without one, every row that the application writes into
    the source would read the whole table. Where missing rows are created, nothing waits.
    """
    if filling.source is None or filling.match is None or filling.create:
        return False
    table = context.old_table(filling.table)
    matched = {name for pair in plain_equalities(filling.match) for alias, name in pair if alias == filling.table_alias}
    keys = [each.columns[0] for each in (*((table.primary_key,) if table.primary_key else ()), *table.uniques)]
    first = [re.match(r"USING (?:btree|hash) \(([^ ,)]+)", index.body) for index in table.indexes if index.valid]
    whole = [found[1] for found in first if found and " WHERE " not in found.string]
    return any(name in keys or ident(name) in whole for name in matched)


def _helper(filling: Filling, what: str) -> QName:
    return QName(filling.table.schema, f"{filling.helpers}_{what}")


def _template(name: str, filling: Filling) -> Statement:
    return Statement(sql=Template(name=name, subject=filling))


def _sync(filling: Filling, *, late: bool) -> Step:
    """The triggers on the table, and (``late``) one on the source."""
    run: list[Action] = []
    undo: list[Action] = []
    run.append(
        action(
            (
                _template("sync_function.sql.j2", filling),
                Statement(
                    sql=Template(name="sync_trigger.sql.j2", subject=filling),
                    locks=(share_row_exclusive(filling.table),),
                ),
            ),
            works(filling.table, _helper(filling, "fill")),
        )
    )
    if filling.source is not None and late:
        run.append(
            action(
                (
                    _template("sync_source_function.sql.j2", filling),
                    Statement(
                        sql=Template(name="sync_source_trigger.sql.j2", subject=filling),
                        locks=(share_row_exclusive(filling.source),),
                    ),
                ),
                works(filling.source, _helper(filling, "late")),
            )
        )
    # Writers may hold the tables: what the triggers do is over at once, and they go when there is a moment.
    functions = [(filling.table, "fill")]
    if filling.source is not None and late:
        functions.append((filling.source, "late"))
    undo.extend(switch_off(table, _helper(filling, what)) for table, what in functions)
    undo.extend(_drop_triggers(filling, late=late))
    return Step(
        stage=Stage.EXPAND,
        purpose=f"Fill {filling.table}.{filling.column} by a trigger in rows that the old version writes.",
        run=tuple(run),
        undo=Undo(actions=tuple(undo)),
        makes=(Ref(kind="sync", of=filling.table, name=filling.column),),
        needs=(column_ref(filling.table, filling.column),),
        hazards=_waits(filling) if filling.source is not None and not late and not filling.create else (),
    )


def _waits(filling: Filling) -> tuple[Hazard, ...]:
    """Said where the source has no trigger."""
    table, column = filling.table, filling.column
    return (
        Hazard(
            code="row-stays-empty",
            what=f"A row of {table} whose row of {filling.source} is written after it stays without {column}.",
            effect="No index finds the rows that wait, so no trigger looks for them: it would read the whole table.",
            way_out="Run 02_backfill.sql once more shortly before the next script: it fills what has a match by then.",
        ),
    )


def _drop_triggers(filling: Filling, *, late: bool) -> Iterator[Action]:
    fill, on_source = _helper(filling, "fill"), _helper(filling, "late")
    # A value made of columns of its row follows them by a trigger of its own.
    names = (fill.name, _helper(filling, "follow").name) if filling.reads else (fill.name,)
    yield action(
        (*(triggers.drop_trigger(filling.table, name) for name in names), triggers.drop_function(fill)),
        probes.absent(probes.trigger(filling.table, fill.name)),
    )
    if filling.source is not None and late:
        yield action(
            (triggers.drop_trigger(filling.source, on_source.name), triggers.drop_function(on_source)),
            probes.absent(probes.trigger(filling.source, on_source.name)),
        )


def _drop_table(name: QName) -> Action:
    return action(Statement(sql=tables.drop_table(name).sql), probes.absent(probes.relation(name)))


def _batches(filling: Filling, loses: str, *needs: Ref) -> Step:
    """The back-fill itself: preflight, batches, gate."""
    source = () if filling.source is None else (filling.source,)
    locks = [share_update_exclusive(filling.table)]  # for its ANALYZE; the batches take ROW EXCLUSIVE
    locks += [row_exclusive(each) if filling.create else access_share(each) for each in source]
    script = Statement(
        sql=Template(name="backfill.sql.j2", subject=filling),
        pace=Pace.SCRIPT,
        locks=tuple(locks),
        scans=tuple(dict.fromkeys((filling.table, *source))),
    )
    restored = (row_exclusive(filling.table),) if filling.backfill.unmatched is Unmatched.DELETE else ()
    back = Statement(sql=Template(name="backfill_rollback.sql.j2", subject=filling), pace=Pace.SCRIPT, locks=restored)
    by = f" from {filling.source}" if filling.source else ""
    return Step(
        stage=Stage.BACKFILL,
        purpose=f"Fill {filling.table}.{filling.column}{by} in batches.",
        run=(action(script, "false"),),
        undo=Undo(actions=(action(back, "false"),), loses=loses),
        makes=(filled_ref(filling.table, filling.column),),
        needs=(column_ref(filling.table, filling.column), *needs),
    )


def _loses(filling: Filling, context: Context) -> str:
    """A column that is new takes its values along when it goes; one that was there keeps what it was given."""
    was_there = context.old_table(filling.table).has_column(filling.column)
    return f"which rows of {filling.table} had no {filling.column}: they keep what they were given" if was_there else ""


def _stop_syncing(filling: Filling, *, late: bool) -> Step:
    """At contract: no process of the old version is left."""
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Stop filling {filling.table}.{filling.column} by a trigger.",
        run=tuple(_drop_triggers(filling, late=late)),
        undo=Undo(actions=_sync(filling, late=late).run),
        needs=(column_ref(filling.table, filling.column), filled_ref(filling.table, filling.column)),
    )


def _note_created(filling: Filling) -> Step:
    """Before all else, so that it is undone last of all: rows that nothing refers to any more go again."""
    created = _helper(filling, "created")
    assert filling.source is not None
    gone = Statement(
        sql=Template(name="uncreate.sql.j2", subject=filling),
        pace=Pace.SCRIPT,
        locks=(row_exclusive(filling.source),),
    )
    return Step(
        stage=Stage.EXPAND,
        purpose=f"Keep a note of the rows of {filling.source} that are created for {filling.table}.{filling.column}.",
        run=(action(_template("created_table.sql.j2", filling), probes.relation(created)),),
        undo=Undo(actions=(action(gone, probes.absent(probes.relation(created))),)),
        makes=(Ref(kind="noted", of=filling.table, name=filling.column),),
    )


def _forget(filling: Filling) -> Step:
    """In cleanup: what was noted of created or deleted rows, for the way back."""
    kept = _helper(filling, "created" if filling.create else "deleted")
    did = f"created in {filling.source}" if filling.create else f"deleted from {filling.table}"
    return Step(
        stage=Stage.CLEANUP,
        purpose=f"Forget which rows were {did}.",
        run=(_drop_table(kept),),
        undo=CannotUndo(because=f"which rows were {did} is no longer known"),
    )
