"""Indexes of materialized views: built and dropped while the view is read."""

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.locks import share_update_exclusive
from generator.dialects.postgres.names import aside, ident, qname
from generator.dialects.postgres.recipes.context import Context, action, build_index, other_ref, remove_index
from generator.dialects.postgres.recipes.definitions import of_relation
from generator.model.plan import Pace, Ref, Stage, Statement, Step, Undo
from generator.model.schema import Other, QName

NAME = r'"(?:[^"]|"")*"|[^\s".]+'
INDEX = re.compile(rf"CREATE (UNIQUE )?INDEX ({NAME}) ON (?:{NAME})\.(?:{NAME}) (.*)\Z", re.DOTALL)


def add_index(other: Other, context: Context) -> Iterator[Step]:
    """Built while the view is read."""
    table, name, unique, body = parts_of(other)
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Build the index {name} on the materialized view {table}.",
        run=build_index(table, name, unique=unique, body=body),
        undo=Undo(actions=remove_index(table, name, unique=unique, body=body, replaced=False)),
        makes=(other_ref(other),),
        needs=tuple(
            Ref(kind="other", of=QName(each.kind, each.name))
            for each in context.new.others
            if each.kind == "materialized view" and each.sql_name == qname(table)
        ),
    )


def drop_index(other: Other, context: Context) -> Iterator[Step]:
    """At contract: until then the old version may live on it."""
    table, name, unique, body = parts_of(other)
    yield _dropped(table, name, name, unique=unique, body=body)


def change_index(old: Other, new: Other, context: Context) -> Iterator[Step]:
    """The old one aside, the new one beside it, the old one dropped at contract."""
    table, name, unique, body = parts_of(old)
    kept = aside(name, "old")
    free = probes.absent(probes.index_free(table, name, unique=unique, body=body))
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Rename the index {name} of {table} to {kept}, to free its name for the new one.",
        run=(action(rename("INDEX", table.schema, name, kept), free),),
        undo=Undo(
            actions=(
                action(
                    rename("INDEX", table.schema, kept, name),
                    probes.absent(probes.relation(QName(table.schema, kept))),
                ),
            )
        ),
        makes=(Ref(kind="aside", of=table, name=name),),
    )
    (step,) = add_index(new, context)
    _, _, unique_now, body_now = parts_of(new)
    yield replace(
        step,
        undo=Undo(actions=remove_index(table, name, unique=unique_now, body=body_now, replaced=True)),
        needs=(*step.needs, Ref(kind="aside", of=table, name=name)),
    )
    yield _dropped(table, name, kept, unique=unique, body=body)


def _dropped(table: QName, name: str, named: str, *, unique: bool, body: str) -> Step:
    gone = probes.absent(probes.relation(QName(table.schema, named)))
    drop = Statement(
        sql=f"DROP INDEX CONCURRENTLY IF EXISTS {qname(QName(table.schema, named))}",
        pace=Pace.CONCURRENT,
        locks=(share_update_exclusive(table),),
    )
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Drop the index {name} of {table}{' that was replaced' if named != name else ''}.",
        run=(action(drop, gone),),
        undo=Undo(actions=build_index(table, named, unique=unique, body=body)),
    )


def parts_of(index: Other) -> tuple[QName, str, bool, str]:
    """Table, name, whether it is unique, and the rest of the definition."""
    found = INDEX.match(index.definition)
    assert found is not None, index.definition
    assert index.table is not None
    return index.table, bare(found[2]), found[1] is not None, found[3]


def bare(name: str) -> str:
    """The name without its quotes."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def rename(kind: str, schema: str, old: str, new: str) -> Statement:
    """ALTER … RENAME TO; a materialized view is locked, an index by itself only."""
    locks = (of_relation(QName(schema, old)),) if kind == "MATERIALIZED VIEW" else ()
    return Statement(sql=f"ALTER {kind} {qname(QName(schema, old))} RENAME TO {ident(new)}", locks=locks)
