"""Indexes and keys of a partitioned table, while the application works.

PostgreSQL builds no index on a partitioned table concurrently, and makes no constraint of one that is there. So the
index is made on the partitioned table alone, which is empty; concurrently on each partition; and each of these is
attached, upon which the whole is valid (since PostgreSQL 11). It cannot be dropped concurrently either: that is
instant, and locks all.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.locks import access_exclusive
from generator.dialects.postgres.names import NAME, PREFIX, QNAME, ident, is_former, literal, qname
from generator.dialects.postgres.recipes.context import action, build_index
from generator.dialects.postgres.recipes.tree import Tree
from generator.dialects.postgres.statements import constraints, indexes, partitions
from generator.model.plan import Action, Filling, Stage, Statement, Template
from generator.model.schema import QName
from generator.model.words import unquoted

_BUILD = re.compile(rf"CREATE (UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS ({NAME}) ON {QNAME} (USING .*)\Z", re.S)
_USE = re.compile(
    rf"ALTER TABLE .* ADD CONSTRAINT ({NAME}) (UNIQUE|PRIMARY KEY) USING INDEX ({NAME})( DEFERRABLE.*)?\Z", re.S
)
_DROP = re.compile(r"DROP INDEX CONCURRENTLY IF EXISTS (.*)\Z", re.S)
_RENAME = re.compile(
    rf"(?:ALTER INDEX (?P<schema>{NAME})\.(?P<old_index>{NAME}) RENAME|ALTER TABLE (?P<table>{QNAME}) RENAME CONSTRAINT"
    rf" (?P<old>{NAME})) TO (?P<new>{NAME})\Z"
)


def spread_indexes(actions: tuple[Action, ...], stage: Stage, tree: Tree) -> tuple[Action, ...]:
    """The actions, those on indexes, keys and foreign keys of partitioned tables written for each partition."""
    actions = tuple(
        replace(
            each, statements=tuple(one for statement in each.statements for one in _renamed(statement, stage, tree))
        )
        for each in actions
    )
    tables = [(each, table) for each in actions if (table := _table(each, tree)) is not None]
    if not tables:
        return tuple(_only(each, tree) for each in actions)
    used = {unquoted(found[3]) for each, table in tables for found in _matches(each, _USE, table)}
    spread: list[Action] = []
    for each in actions:
        spread += _spread(each, used, stage, tree)
    return tuple(_only(each, tree) for each in spread)


def _only(each: Action, tree: Tree) -> Action:
    """The server prints ``ON ONLY`` in the definition of an index on a partitioned table."""

    def only(text: str) -> str:
        return re.sub(
            rf"(CREATE (?:UNIQUE )?INDEX {NAME} ON )(?!ONLY )({QNAME})( USING)",
            lambda found: f"{found[1]}ONLY {found[2]}{found[3]}" if found[2] in partitioned else found[0],
            text,
        )

    partitioned = {
        literal(qname(table.name)).removeprefix("E")[1:-1]
        for schema in (tree.context.old, tree.context.new)
        for table in schema.tables
        if table.partition_key is not None and tree.is_partitioned(table.name)
    }
    if not partitioned:
        return each
    return replace(each, done=only(each.done), refuse=tuple((only(when), text) for when, text in each.refuse))


def _matches(each: Action, pattern: re.Pattern[str], table: QName) -> Iterator[re.Match[str]]:
    """Where a statement on the table itself has that form: one action may go over several tables."""
    for statement in each.statements:
        sql = statement.sql if isinstance(statement.sql, str) else ""
        found = pattern.search(sql)
        if found and (sql.startswith(f"ALTER TABLE {qname(table)} ") or not sql.startswith("ALTER TABLE ")):
            yield found


def _table(each: Action, tree: Tree) -> QName | None:
    for statement in each.statements:
        subject = statement.sql.subject if isinstance(statement.sql, Template) else None
        if isinstance(subject, Filling) and tree.is_partitioned(subject.table):
            return subject.table
    return next((k.table for s in each.statements for k in s.locks if tree.is_partitioned(k.table)), None)


def _spread(each: Action, used: set[str], stage: Stage, tree: Tree) -> Iterator[Action]:
    table = _table(each, tree)
    if table is None:
        yield each
        return
    for statement in each.statements:
        sql = statement.sql
        filling = sql.subject if isinstance(sql, Template) and sql.name.startswith("backfill") else None
        if isinstance(filling, Filling):
            yield from _filled(each, statement, filling, stage, tree)
            return
    for found in _matches(each, _BUILD, table):
        name, unique, body = unquoted(found[2]), bool(found[1]), found[3]
        yield from _built(table, name, unique, body, each.done, stage, tree, alone=name in used)
        return
    for found in _matches(each, _USE, table):
        yield from _key(table, unquoted(found[1]), found[2], unquoted(found[3]), found[4] or "", each.done, stage, tree)
        return
    for found in _matches(each, _DROP, table):
        yield replace(each, statements=(_dropped(table, found[1]),))
        return
    yield each


def _renamed(statement: Statement, stage: Stage, tree: Tree) -> Iterator[Statement]:
    """An index or key that is put aside, or comes in the place of another one, and then those of the partitions.

    PostgreSQL renames those of the partitions only with a CHECK. Where both names are of the schemas, the partitions'
    are changes of their own.
    """
    yield statement
    found = _RENAME.match(statement.sql) if isinstance(statement.sql, str) else None
    if found is None:
        return
    old, new = unquoted(found["old_index"] or found["old"]), unquoted(found["new"])
    said = [name for name in (old, new) if not name.startswith(PREFIX)]
    if len(said) != 1:
        return
    former = any(is_former(name) for name in (old, new))
    for table in tree.roots():
        if found["table"] not in (None, qname(table)) or found["schema"] not in (None, ident(table.schema)):
            continue
        if found["table"] is not None and tree.is_check(table, ident(said[0])):
            continue
        called = {table: (old, new)}
        for part, above in tree.parts(table, stage):
            before, after = (tree.known_below(part, name, former=former) for name in called[above])
            called[part] = (before, after)
            if before and after and before != after:
                rename = indexes.rename_index if found["table"] is None else constraints.rename_constraint
                yield rename(part, before, after)


def _filled(each: Action, statement: Statement, filling: Filling, stage: Stage, tree: Tree) -> Iterator[Action]:
    """The back-fill finds rows by where they lie (ctid), which each partition says for itself."""
    for part, _ in tree.parts(filling.table, stage):
        if tree.is_partitioned(part) or not tree.context.was_there(part):
            continue
        mine = replace(filling, table=part, helpers=tree.context.helper(part, filling.column))
        before = QName(filling.table.schema, filling.helpers), QName(part.schema, mine.helpers)
        sql = statement.sql
        assert isinstance(sql, Template)
        yield Action(
            statements=(
                replace(
                    statement,
                    sql=replace(sql, subject=mine),
                    locks=tuple(replace(k, table=part) if k.table == filling.table else k for k in statement.locks),
                    scans=tuple(part if each == filling.table else each for each in statement.scans),
                ),
            ),
            done=each.done.replace(qname(filling.table), qname(part)).replace(before[0].name, before[1].name),
            refuse=each.refuse,
        )


def _dropped(table: QName, index: str) -> Statement:
    return Statement(sql=f"DROP INDEX IF EXISTS {index}", locks=(access_exclusive(table),))


def _columns(body: str) -> tuple[str, ...]:
    found = re.match(r"USING \w+ \(([\w, ]+)\)", body)
    return tuple(each.strip().split(" ")[0] for each in found[1].split(",")) if found else ()


def _built(
    table: QName, name: str, unique: bool, body: str, done: str, stage: Stage, tree: Tree, *, alone: bool
) -> Iterator[Action]:
    """The index everywhere; with ``alone`` only on the partitions, since it is to become a constraint."""
    called = {table: name}
    parts = tree.parts(table, stage)
    for part, above in parts:
        called[part] = tree.name_below(part, called[above], _columns(body))
    for each in (table, *(part for part, _ in parts)):
        if not tree.is_partitioned(each):
            for built in build_index(each, called[each], unique=unique, body=body):
                yield replace(built, done=probes.either(done, built.done)) if alone else built
        elif not alone:
            there = probes.index_is(each, called[each], unique=unique, body=body, valid_only=False)
            yield action(partitions.create_index_only(each, called[each], unique=unique, body=body), there)
    if not alone:
        yield from _attached(table, called, parts)


def _attached(table: QName, called: dict[QName, str], parts: tuple[tuple[QName, QName], ...]) -> Iterator[Action]:
    """From below upwards."""
    for part, above in reversed(parts):
        parent, index = QName(above.schema, called[above]), QName(part.schema, called[part])
        there = (
            f"EXISTS (SELECT FROM pg_inherits WHERE inhrelid = to_regclass({literal(qname(index))})"
            f" AND inhparent = to_regclass({literal(qname(parent))}))"
        )
        yield action(replace(partitions.attach_index(above.schema, parent.name, index.name)), there)


def _key(
    table: QName, name: str, kind: str, index: str, tail: str, done: str, stage: Stage, tree: Tree
) -> Iterator[Action]:
    """A constraint of each partition's index, one on the table alone, and the first attached to the second."""
    definition = _definition(done, kind)
    called = {table: name}
    parts = tree.parts(table, stage)
    for part, above in parts:
        called[part] = tree.name_below(part, called[above], ())
    for part, _ in parts:
        there = probes.constraint_is(part, called[part], definition)
        if tree.is_partitioned(part):
            yield action(partitions.add_key_only(part, called[part], definition), there)
        else:
            yield action(
                constraints.use_index(part, called[part], kind, called[part], tail),
                probes.either(done, there) if done else there,
            )
    yield action(partitions.add_key_only(table, name, definition), done)
    yield from _attached(table, called, parts)


def _definition(done: str, kind: str) -> str:
    """The constraint's definition, which the probe compares with."""
    found = re.search(rf"'({kind}(?: NULLS NOT DISTINCT)? \((?:[^']|'')*?)'", done)
    assert found is not None, done
    return found[1].replace("''", "'")
