"""Facts from the server, and a plan made of PostgreSQL's recipes."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.recipes import steps_of
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.questions import questions_of
from generator.dialects.postgres.recipes.refusals import refusals_of
from generator.model.answers import Answers, Backfill, Question, Refusal
from generator.model.change import Change, ColumnTypeChanged, TableRenamed
from generator.model.diff import Diff
from generator.model.facts import Facts, Retype
from generator.model.plan import Plan, Step
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
        context = Context(
            old=old,
            new=new,
            answers=answers,
            backfills=backfills,
            facts=facts,
            changes=changes,
            renamed_tables={change.old: change.table.name for change in changes if isinstance(change, TableRenamed)},
        )
        for change in changes:
            refused = tuple(refusals_of(change, context))
            asked = () if refused else tuple(questions_of(change, context))
            yield from refused or asked or steps_of(change, context)


def make_plan(diff: Diff, old: Schema, new: Schema, answers: Answers, facts: Facts) -> Plan:
    """The plan for PostgreSQL."""
    return planner.make_plan(diff, old, new, answers, facts, Postgres())


def gather_facts(
    connection: "Connection[tuple[Any, ...]]", diff: Diff, old: Schema, *, version: int, stood_in: tuple[str, ...] = ()
) -> Facts:
    """Asks the database that holds the old schema; every trial is rolled back."""
    renamed = {change.table.name: change.old for change in diff.changes if isinstance(change, TableRenamed)}
    retyped = [change for change in diff.changes if isinstance(change, ColumnTypeChanged)]
    return Facts(
        version=version,
        volatile_functions=_volatile_functions(connection),
        search_path=_search_path(old),
        stood_in=stood_in,
        retypes={
            (change.table, change.new.name): _retype(connection, renamed.get(change.table, change.table), change)
            for change in retyped
        },
    )


def _search_path(schema: Schema) -> tuple[str, ...]:
    """``public`` and where extensions live: an operator of citext that is not found is silently that of text."""
    return tuple(dict.fromkeys(("public", *(each.schema for each in schema.extensions), "pg_catalog")))


def _volatile_functions(connection: "Connection[tuple[Any, ...]]") -> frozenset[str]:
    rows = connection.execute("SELECT DISTINCT proname FROM pg_proc WHERE provolatile = 'v' AND prokind = 'f'")
    return frozenset(name for (name,) in rows)


def _retype(connection: "Connection[tuple[Any, ...]]", table: QName, change: ColumnTypeChanged) -> Retype:
    """Tries ALTER TYPE on the empty table: the server knows which types store the same bytes, and which casts exist."""
    old, new = change.old, change.new
    zoned = [each.type for each in (old, new) if "with time zone" in each.type]
    return Retype(
        rewrites=len(zoned) == 1 or _rewrites(connection, table, change),
        casts=_casts(connection, old.type, new.type),
        casts_back=_casts(connection, new.type, old.type),
        by_time_zone=len(zoned) == 1,
    )


def _rewrites(connection: "Connection[tuple[Any, ...]]", table: QName, change: ColumnTypeChanged) -> bool:
    import psycopg

    from generator.dialects.postgres.names import literal, qname
    from generator.dialects.postgres.statements.columns import alter_type, set_default

    node = f"SELECT pg_relation_filenode({literal(qname(table))})".encode()
    without_default = str(set_default(table, change.old.name, None).sql).encode()
    alter = str(alter_type(table, change.new, None, rewrites=True, scans=True).sql).encode()
    try:
        with connection.transaction(force_rollback=True):
            # The default is out of the way: whether it can be cast is not what is asked.
            connection.execute(without_default)
            before = connection.execute(node).fetchone()
            connection.execute(alter)
            return before != connection.execute(node).fetchone()
    except psycopg.Error:
        return True


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
