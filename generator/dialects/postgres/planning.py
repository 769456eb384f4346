"""Facts from the server, and a plan made of PostgreSQL's recipes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.beside import Beside
from generator.dialects.postgres.dependents import read_dependents
from generator.dialects.postgres.extension_facts import extension_facts
from generator.dialects.postgres.hanging import read_hanging, read_replaced
from generator.dialects.postgres.owners import OWNER, is_written, without_owners
from generator.dialects.postgres.partition_facts import overlapping, widened
from generator.dialects.postgres.recipes import below, steps_of
from generator.dialects.postgres.recipes.absorbed import is_absorbed
from generator.dialects.postgres.recipes.change_owner import (
    give_away,
    given_back,
    is_owner,
    refuse_owner,
)
from generator.dialects.postgres.recipes.clashes import clashes
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.guarded import guarded
from generator.dialects.postgres.recipes.questions import questions_of
from generator.dialects.postgres.recipes.refusals import refusals_of
from generator.dialects.postgres.recipes.replace_type import makes_type
from generator.dialects.postgres.recipes.swaps import swaps_of
from generator.dialects.postgres.type_users import users_of
from generator.dialects.postgres.versions import lacking
from generator.diff.renaming import renamed_in
from generator.diff.replaced import name_of
from generator.model.answers import Answers, Backfill, Question, Refusal
from generator.model.change import (
    Change,
    ColumnDropped,
    ColumnRenamed,
    ColumnTypeChanged,
    GeneratedChanged,
    OtherChanged,
    TableRenamed,
    TypeReplaced,
)
from generator.model.diff import Diff
from generator.model.facts import Dependent, Facts, Retype
from generator.model.plan import Action, Plan, Stage, Step, Undo
from generator.model.schema import QName, Schema
from generator.plan import planner

if TYPE_CHECKING:
    from psycopg import Connection


class Postgres:
    """PostgreSQL, as the planner knows it."""

    def steps(
        self,
        changes: tuple[Change, ...],
        old: Schema,
        new: Schema,
        answers: Answers,
        backfills: Mapping[tuple[QName, str], Backfill],
        facts: Facts,
    ) -> Iterator[Step | Refusal | Question]:
        """The steps of every change; a change that is refused has none."""
        types = Beside(changes=tuple(each for each in changes if isinstance(each, TypeReplaced)))
        given = tuple(each for each in changes if isinstance(each, OtherChanged) and is_owner(each))
        changes = tuple(each if is_owner(each) else types.change(each) for each in changes)
        before = tuple(each for each in old.others if each.kind == OWNER and is_written(each))
        context = Context(
            old=without_owners(old),
            new=types.staged(without_owners(new)),
            types=types,
            answers=answers,
            backfills=backfills,
            facts=facts,
            changes=changes,
            renamed_tables={change.old: change.table.name for change in changes if isinstance(change, TableRenamed)},
        )
        context = replace(context, swaps=swaps_of(context))
        context = replace(context, swaps=swaps_of(context))
        yield from clashes(context)
        done: list[Step] = []
        last: list[Step] = []
        for each in self._steps(context):
            if not isinstance(each, Step):
                yield each
            # Until a type has the name of the one that it replaces, all that is made speaks of it by its other name.
            elif each.stage is Stage.CONTRACT and makes_type(each):
                last.append(each)
            else:
                done.append(each)
        refused = tuple(refusal for change in given for refusal in refuse_owner(change, context))
        yield from refused
        yield from (given_back(step, before, given, context) for step in (*done, *last))
        yield from () if refused else give_away(given, (*done, *last), context)

    def _steps(self, context: Context) -> Iterator[Step | Refusal | Question]:
        for change in context.changes:
            if is_owner(change) or is_absorbed(change, context):
                continue
            refused = tuple(refusals_of(change, context))
            asked = () if refused else tuple(questions_of(change, context))
            yield from refused or asked or _written(change, context)


def _written(change: Change, context: Context) -> Iterator[Step | Refusal]:
    """The steps of a change; or why the server that is planned for cannot take them, where the scratch server could."""
    steps = tuple(below.on_all(step, change, context) for step in steps_of(change, context))
    statements = [statement.sql for step in steps for action in step.run for statement in action.statements]
    for sql in (each for each in statements if isinstance(each, str)):
        missing = lacking(context.version, sql)
        if missing:
            words, since = missing
            yield Refusal(
                what=f"{words}, in: {' '.join(sql.split())[:200]}",
                because=f"PostgreSQL {since} is the first to have it, and this is planned for {context.version}",
                way_out=f"leave it out until the server is upgraded, or plan for that one with --pg {since}",
            )
            return
    yield from (_asked(guarded(step, context), context) for step in steps)


def _asked(step: Step, context: Context) -> Step:
    """LOCK TABLE takes no materialized view and no foreign table: their locks are not asked for beforehand."""
    if "not tables" not in context.kept:
        context.kept["not tables"] = {
            other.table if other.table is not None else QName(*names)
            for schema in (context.old, context.new)
            for other in schema.others
            if other.kind in ("materialized view", "foreign table")
            for names in (other.sql_name.replace('"', "").split(".", 1),)
        }
    others = context.kept["not tables"]
    assert isinstance(others, set)

    def asked(action: Action) -> Action:
        return replace(
            action,
            statements=tuple(
                replace(
                    each,
                    locks=tuple(
                        replace(lock, asked_first=lock.asked_first and lock.table not in others) for lock in each.locks
                    ),
                )
                for each in action.statements
            ),
        )

    if not others:
        return step
    undo = step.undo
    if isinstance(undo, Undo):
        undo = replace(undo, actions=tuple(asked(action) for action in undo.actions))
    return replace(step, run=tuple(asked(action) for action in step.run), undo=undo)


def make_plan(diff: Diff, old: Schema, new: Schema, answers: Answers, facts: Facts) -> Plan:
    """The plan for PostgreSQL."""
    return planner.make_plan(diff, old, new, answers, facts, Postgres())


def gather_facts(
    connection: "Connection[tuple[Any, ...]]",
    ahead: "Connection[tuple[Any, ...]]",
    diff: Diff,
    old: Schema,
    *,
    version: int,
    stood_in: tuple[str, ...] = (),
) -> Facts:
    """Asks the database that holds the old schema, and the one that holds the new; every trial is rolled back."""
    renamed = {change.table.name: change.old for change in diff.changes if isinstance(change, TableRenamed)}
    retyped = [change for change in diff.changes if isinstance(change, ColumnTypeChanged)]
    moved = [(change.table, change.column.name, "") for change in diff.changes if isinstance(change, ColumnDropped)] + [
        (change.table, change.old.name, change.new.name)
        for change in diff.changes
        if isinstance(change, ColumnRenamed | ColumnTypeChanged | GeneratedChanged)
    ]
    return Facts(
        version=version,
        **extension_facts(connection, diff.changes),
        widened=frozenset(widened(connection, diff.changes)),
        overlapping=frozenset(overlapping(connection, diff.changes, old)),
        volatile_functions=_volatile_functions(connection),
        search_path=_search_path(old),
        stood_in=stood_in,
        hanging=read_hanging(connection, diff.changes),
        replaced=read_replaced(connection, diff.changes),
        dependents=_by_new_names(
            read_dependents(connection, ((renamed.get(table, table), before) for table, before, _ in moved)), renamed
        ),
        dependents_ahead=read_dependents(ahead, ((table, after) for table, _, after in moved if after)),
        type_users=users_of(
            connection, tuple(name_of(each) for each in diff.changes if isinstance(each, TypeReplaced))
        ),
        retypes={
            (change.table, change.new.name): _retype(connection, renamed.get(change.table, change.table), change)
            for change in retyped
        },
    )


def _by_new_names(
    found: Mapping[tuple[QName, str], tuple[Dependent, ...]], renamed: Mapping[QName, QName]
) -> Mapping[tuple[QName, str], tuple[Dependent, ...]]:
    """The same by the tables' new names."""
    after = {old: new for new, old in renamed.items()}

    def called(dependent: Dependent) -> Dependent:
        name = dependent.name
        for old, new in after.items():
            name = renamed_in(name, old, new)
        return replace(dependent, name=name)

    return {(after.get(table, table), column): tuple(map(called, told)) for (table, column), told in found.items()}


def _search_path(schema: Schema) -> tuple[str, ...]:
    """``public`` and where extensions live: an operator of citext that is not found is silently that of text."""
    return tuple(dict.fromkeys(("pg_catalog", "public", *(each.schema for each in schema.extensions))))


def _volatile_functions(connection: "Connection[tuple[Any, ...]]") -> frozenset[str]:
    rows = connection.execute("SELECT DISTINCT proname FROM pg_proc WHERE provolatile = 'v' AND prokind = 'f'")
    return frozenset(name for (name,) in rows)


def _retype(connection: "Connection[tuple[Any, ...]]", table: QName, change: ColumnTypeChanged) -> Retype:
    """Tries ALTER TYPE on the empty table: the server knows which types store the same bytes, and which casts exist."""
    old, new = change.old, change.new
    if (old.type, old.collation) == (new.type, new.collation):
        return Retype(rewrites=True, rewrites_back=True, casts=True, casts_back=True)  # the type itself is replaced
    zoned = len([each.type for each in (old, new) if "with time zone" in each.type]) == 1
    rewrites, rewrites_back = (True, True) if zoned else _rewrites(connection, table, change)
    return Retype(
        rewrites=rewrites,
        rewrites_back=rewrites_back,
        casts=_casts(connection, old.type, new.type),
        casts_back=_casts(connection, new.type, old.type),
        by_time_zone=zoned,
    )


def _rewrites(connection: "Connection[tuple[Any, ...]]", table: QName, change: ColumnTypeChanged) -> tuple[bool, bool]:
    """Whether the files of the table or of an index on it change, there and back."""
    import psycopg

    from generator.dialects.postgres.names import literal, qname
    from generator.dialects.postgres.statements.columns import alter_type, set_default

    relation = f"{literal(qname(table))}::regclass"
    files = (
        f"WITH RECURSIVE tree AS (SELECT {relation}::oid AS oid"
        " UNION ALL SELECT i.inhrelid FROM pg_inherits AS i JOIN tree ON tree.oid = i.inhparent)"
        " SELECT array_agg(file ORDER BY file) FROM (SELECT pg_relation_filenode(oid) FROM pg_class"
        " WHERE oid IN (SELECT oid FROM tree)"
        " OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN (SELECT oid FROM tree))) AS f (file)"
    )
    without_default = str(set_default(table, change.old.name, None).sql).encode()
    seen = []
    try:
        with connection.transaction(force_rollback=True):
            # The default is out of the way: whether it can be cast is not what is asked.
            connection.execute(without_default)
            seen.append(connection.execute(files.encode()).fetchone())
            for column in (change.new, replace(change.old, name=change.new.name)):
                connection.execute(str(alter_type(table, column, None, rewrites=True, scans=True).sql).encode())
                seen.append(connection.execute(files.encode()).fetchone())
    except psycopg.Error:
        return len(seen) < 2 or seen[0] != seen[1], True
    return seen[0] != seen[1], seen[1] != seen[2]


def _casts(connection: "Connection[tuple[Any, ...]]", old: str, new: str) -> bool:
    """Whether there is an explicit cast; a type that only the new schema has is cast to through text."""
    import psycopg

    try:
        with connection.transaction(force_rollback=True):
            connection.execute(f"SELECT NULL::{old}::{new}".encode())
    except psycopg.errors.UndefinedObject:
        return True
    except psycopg.Error:
        return False
    return True
