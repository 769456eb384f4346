"""What is not written where a rule or a publication keeps the statements from working that would fill rows, and why."""

import re
from collections.abc import Iterator

from generator.dialects.postgres.publications import refusing
from generator.dialects.postgres.recipes.context import Context
from generator.model import change as c
from generator.model.answers import Backfill, Refusal, Unmatched, key_of
from generator.model.schema import QName

_INSTEAD = re.compile(r" AS\s+ON (INSERT|UPDATE|DELETE) TO [\s\S]*\bDO INSTEAD\b")


def refused_fills(change: c.Change, context: Context) -> Iterator[Refusal]:
    """A back-fill is statements of the migration, and what keeps the application's from working keeps its own."""
    match change:
        case c.ColumnAdded(table=table, column=column):
            answer = context.backfills.get((table, column.name))
            default = column.default if column.default and context.volatile(column.default) else None
            if answer is None and (default or column.identity):
                answer = Backfill(value=default or "")
        case c.ColumnRequired(table=table, column=column):
            answer = context.backfills.get((table, column.name))
        case c.ColumnRenamed(table=table, new=column):
            answer = Backfill(value=column.name)
        case c.ColumnTypeChanged(table=table, new=column):
            retype = context.facts.retypes.get((table, column.name))
            answer = Backfill(value=column.name) if retype is None or retype.rewrites else None
        case _:
            return
    if answer is None:
        return
    statements = [("UPDATE", key_of(table))]
    if answer.unmatched is Unmatched.DELETE:
        statements.append(("DELETE", key_of(table)))
    if answer.unmatched is Unmatched.CREATE and answer.source is not None:
        statements.append(("INSERT", answer.source))
    for event, where in statements:
        for rule in _rules(event, where, context):
            yield Refusal(
                what=f"{table}.{column.name}: filled for the rows that exist",
                because=f"the rule {rule} puts something else in the place of each {event}, also of the back-fill's",
                way_out="drop the rule in a change before this one, and make it again in a change after it",
            )
        publication = refusing(table, event.lower(), context.before) if event != "INSERT" else ""
        if publication:
            yield Refusal(
                what=f"{table}.{column.name}: filled for the rows that exist",
                because=f"the publication {publication} publishes each {event}, and the table has no replica identity"
                " that fits it, so that PostgreSQL lets nobody do one",
                way_out="give the table a primary key, or REPLICA IDENTITY FULL, in a change before this one",
            )


def _rules(event: str, where: str, context: Context) -> Iterator[str]:
    """The rules that are there until contract, by which the statement becomes another one."""
    for other in context.before.others:
        if other.kind == "rule" and other.table is not None and " DISABLE RULE " not in other.definition:
            found = _INSTEAD.search(other.definition)
            if found is not None and found[1] == event and where in _names(other.table):
                yield other.name


def _names(table: QName) -> tuple[str, ...]:
    """As people may write it in an answer."""
    return str(table), key_of(table), f"{table.schema}.{table.name}"
