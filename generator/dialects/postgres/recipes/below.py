"""What a statement on a table does to the tables below it: partitions, and tables that inherit.

Every recipe writes for one table. Where there are tables below, PostgreSQL goes down to them by itself in most cases:
then what it locks and reads there is said here, for all recipes at once. Where it does not, or not while the
application works (indexes and keys), the statement is written for each partition instead (``spread_indexes``).
"""

import re
from dataclasses import replace

from generator.dialects.postgres.names import NAME, QNAME, qname
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.partitions import left_ref, settled_ref
from generator.dialects.postgres.recipes.spread_foreign_keys import spread_foreign_keys
from generator.dialects.postgres.recipes.spread_indexes import spread_indexes
from generator.dialects.postgres.recipes.tree import THINGS, Tree, called
from generator.dialects.postgres.versions import has_identity_in_partitions
from generator.model import change as c
from generator.model.plan import Action, Stage, Statement, Step, TableLock, Template, Undo
from generator.model.schema import QName, Table

_PLACES = (
    c.PartitionAttached
    | c.PartitionDetached
    | c.PartitionBoundsChanged
    | c.InheritanceChanged
    | c.TableRepartitioned
    | c.TableAdded
    | c.TableDropped
    | c.TableRenamed
)

_ALONE = re.compile(
    rf"ALTER TABLE (ONLY |{QNAME} (RENAME TO|SET SCHEMA|SET \(|RESET \(|REPLICA|ENABLE ROW|DISABLE ROW"
    r"|FORCE ROW|NO FORCE|OWNER|INHERIT|NO INHERIT|CLUSTER|SET LOGGED|SET UNLOGGED|SET TABLESPACE))"
)
"""What PostgreSQL does to the table that is named and to no other."""

_IDENTITY = rf"ALTER COLUMN {NAME} (ADD GENERATED|SET GENERATED|DROP IDENTITY)"
"""An identity is the partitions' as well in newer versions; those that inherit never have it."""


def comes_from_above(change: c.Change, context: Context) -> bool:
    """Whether the change of a table follows from the same change of the table above, whose recipe sees to it."""
    table: QName | None = getattr(change, "table", None)
    if not isinstance(table, QName) or isinstance(change, _PLACES):
        return False
    new = next((each for each in context.new.tables if each.name == table), None)
    if new is None and isinstance(change, c.ForeignKeyDropped):
        return context.was_there(table) and context.old_table(table).inherited_from(change.key.name) is not None
    if new is None or not new.parents:
        return False
    if isinstance(change, c.ForeignKeyAdded) and change.on_new_table:
        return new.inherited_from(change.key.name) is not None
    if not context.was_there(table):
        return False
    old = context.old_table(table)
    if {context.renamed_tables.get(each, each) for each in old.parents} != set(new.parents):
        return False
    return any(
        getattr(each, "table", None) in new.parents and _same(change, each, old, new) for each in context.changes
    )


def _same(change: c.Change, above: c.Change, old: Table, new: Table) -> bool:
    match change, above:
        case (c.ColumnAdded(column=mine), c.ColumnAdded(column=theirs)) | (
            c.ColumnDropped(column=mine),
            c.ColumnDropped(column=theirs),
        ):
            return mine.name == theirs.name
        case (c.ColumnRequired(column=mine), c.ColumnRequired(column=theirs)) | (
            c.ColumnOptional(column=mine),
            c.ColumnOptional(column=theirs),
        ):
            return mine.name == theirs.name
        case c.ColumnRenamed(old=mine), c.ColumnRenamed(old=theirs):
            return mine.name == theirs.name
        case c.ColumnTypeChanged(new=mine), c.ColumnTypeChanged(new=theirs):
            return mine.name == theirs.name
        case c.GeneratedChanged(new=mine), c.GeneratedChanged(new=theirs):
            return mine.name == theirs.name
        case c.DefaultChanged(new=mine), c.DefaultChanged(new=theirs):
            return (mine.name, mine.default) == (theirs.name, theirs.default)
        case c.ConstraintRenamed(), c.ConstraintRenamed():
            checks = {each.name for each in new.checks}
            return (change.old, change.new) == (above.old, above.new) and change.new in checks
        case _:
            return _constraint(change, above, old, new)


def _constraint(change: c.Change, above: c.Change, old: Table, new: Table) -> bool:
    """Whether the constraint or index comes from that of the change above, on the side on which it is."""
    came, went = (called(each, ("new", *THINGS)) for each in (change, above))
    if came is not None and went is not None and not type(change).__name__.endswith("Dropped"):
        return new.inherited_from(came.name) == went.name and not type(above).__name__.endswith("Dropped")
    came, went = (called(each, ("old", *THINGS)) for each in (change, above))
    if came is None or went is None or type(above).__name__.endswith("Added"):
        return False
    return old.inherited_from(came.name) == went.name


def on_all(step: Step, change: c.Change, context: Context) -> Step:
    """The step as it is for a table with others below: what it locks and reads there, and when it may come."""
    if isinstance(change, c.TableRepartitioned):
        return step
    if not any(table.parents or table.partition_key for table in (*context.old.tables, *context.new.tables)):
        return step
    tree = Tree(context)
    run = _actions(step.run, step.stage, tree)
    undo = step.undo
    if isinstance(undo, Undo):
        undo = replace(undo, actions=_actions(undo.actions, step.stage, tree))
    return _in_turn(replace(step, run=run, undo=undo), change, context, tree)


def _actions(actions: tuple[Action, ...], stage: Stage, tree: Tree) -> tuple[Action, ...]:
    return tuple(
        replace(each, statements=tuple(_everywhere(statement, stage, tree) for statement in each.statements))
        for each in spread_indexes(spread_foreign_keys(actions, stage, tree), stage, tree)
    )


def _everywhere(statement: Statement, stage: Stage, tree: Tree) -> Statement:
    """The locks and reads below of a statement, where it goes down."""
    sql = statement.sql
    if isinstance(sql, Template):
        if sql.name not in ("sync_trigger.sql.j2", "mirror_trigger.sql.j2", "sync_source_trigger.sql.j2"):
            return replace(statement, scans=tree.leaves(statement.scans, stage))
    elif _ALONE.match(sql) or not re.match(
        r"ALTER TABLE|LOCK TABLE|CREATE (OR REPLACE )?(CONSTRAINT )?TRIGGER|DROP (TABLE|INDEX|TRIGGER)", sql
    ):
        return replace(statement, scans=tree.leaves(statement.scans, stage)) if statement.scans else statement
    named = {lock.table for lock in statement.locks}
    locks: list[TableLock] = []
    for lock in statement.locks:
        locks.append(lock)
        if _goes_down(statement, lock.table, tree):
            below = (each for each in tree.below(lock.table, stage) if each not in named)
            locks += [replace(lock, table=each) for each in below]
    unique = dict.fromkeys(locks)
    return replace(
        statement,
        locks=tuple(unique),
        scans=tree.leaves(statement.scans, stage),
        rewrites=tree.leaves(statement.rewrites, stage),
    )


def _goes_down(statement: Statement, table: QName, tree: Tree) -> bool:
    """Whether the statement goes down from that table: of those that inherit not for triggers, keys and indexes."""
    sql = statement.sql
    if isinstance(sql, str):
        of_one = re.match(rf"(DROP TABLE|ALTER TABLE) ({QNAME})( VALIDATE CONSTRAINT)?", sql)
        if of_one and (of_one[1] == "DROP TABLE" or of_one[3]) and of_one[2] != qname(table):
            return False
        placed = re.match(rf"ALTER TABLE {QNAME} (?:ATTACH|DETACH) PARTITION ({QNAME})", sql)
        if placed:
            return placed[1] == qname(table)
    renamed = re.search(rf" RENAME CONSTRAINT ({NAME}) TO ({NAME})", sql) if isinstance(sql, str) else None
    if renamed:
        return all(tree.is_check(table, each) for each in renamed.groups())
    if isinstance(sql, str) and re.match(rf"ALTER TABLE {re.escape(qname(table))} {_IDENTITY}", sql):
        return tree.is_partitioned(table) and has_identity_in_partitions(tree.context.version)
    if isinstance(sql, Template) or tree.is_partitioned(table):
        return tree.is_partitioned(table)
    if not re.match(r"ALTER TABLE|LOCK TABLE|DROP TABLE", sql):
        return False
    if re.match(rf"ALTER TABLE {re.escape(qname(table))} (ADD|VALIDATE|DROP) CONSTRAINT", sql):
        named = re.search(rf"CONSTRAINT ({NAME})", sql)
        return named is not None and tree.is_check(table, named[1])
    return True


def _in_turn(step: Step, change: c.Change, context: Context, tree: Tree) -> Step:
    """Before a partition comes to a table all else of both is done; after it has left, what is done at contract."""
    if isinstance(change, _PLACES):
        return step
    table: QName | None = getattr(change, "table", None) or getattr(change, "of", None)
    if not isinstance(table, QName):
        return step
    if step.stage in (Stage.EXPAND, Stage.BACKFILL, Stage.VALIDATE):
        left = any(isinstance(each, c.PartitionDetached) and each.table == table for each in context.changes)
        left |= any(
            isinstance(each, c.InheritanceChanged) and each.table == table and set(each.old) - set(each.new)
            for each in context.changes
        )
        loosens = isinstance(
            change,
            c.CheckDropped
            | c.ColumnDropped
            | c.ColumnOptional
            | c.UniqueDropped
            | c.PrimaryKeyDropped
            | c.IndexDropped,
        )
        if left and loosens:
            # What it has from above goes only once it has left.
            return replace(step, stage=Stage.CONTRACT, needs=(*step.needs, left_ref(table)))
        above = {table, *tree.above(table)}
        return replace(step, makes=(*step.makes, *(settled_ref(each) for each in sorted(above))))
    return replace(step, needs=(*step.needs, left_ref(table), *(left_ref(each) for each in tree.all_below(table))))
