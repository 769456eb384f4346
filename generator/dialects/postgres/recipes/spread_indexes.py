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
from generator.dialects.postgres.names import literal, qname
from generator.dialects.postgres.recipes.context import action, build_index
from generator.dialects.postgres.recipes.tree import Tree
from generator.dialects.postgres.statements import constraints, partitions
from generator.dialects.postgres.versions import has_foreign_keys_not_valid_on_partitioned
from generator.model.plan import Action, Filling, Stage, Statement, Template
from generator.model.schema import QName

_NAME = r"(\"(?:[^\"]|\"\")+\"|\S+?)"
_BUILD = re.compile(rf"CREATE (UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS {_NAME} ON \S+ (USING .*)\Z", re.S)
_USE = re.compile(
    rf"ALTER TABLE .* ADD CONSTRAINT {_NAME} (UNIQUE|PRIMARY KEY) USING INDEX {_NAME}( DEFERRABLE.*)?\Z", re.S
)
_DROP = re.compile(r"DROP INDEX CONCURRENTLY IF EXISTS (.*)\Z", re.S)
_FOREIGN = re.compile(rf"ADD CONSTRAINT {_NAME} (FOREIGN KEY .*) NOT VALID\Z", re.S)


def spread_indexes(actions: tuple[Action, ...], stage: Stage, tree: Tree) -> tuple[Action, ...]:
    """The actions, those on indexes, keys and foreign keys of partitioned tables written for each partition."""
    if not any(_table(each, tree) for each in actions):
        return tuple(_only(each, tree) for each in actions)
    used = {_plain(found[3]) for each in actions for found in _matches(each, _USE)}
    spread: list[Action] = []
    for each in actions:
        spread += _spread(each, used, stage, tree)
    return tuple(_only(each, tree) for each in spread)


def _only(each: Action, tree: Tree) -> Action:
    """The server prints ``ON ONLY`` in the definition of an index on a partitioned table."""

    def only(text: str) -> str:
        return re.sub(
            r"(CREATE (?:UNIQUE )?INDEX [^']*? ON )(?!ONLY )(\S+)( USING)",
            lambda found: f"{found[1]}ONLY {found[2]}{found[3]}" if found[2] in partitioned else found[0],
            text,
        )

    partitioned = {
        qname(table.name)
        for schema in (tree.context.old, tree.context.new)
        for table in schema.tables
        if table.partition_key is not None and tree.is_partitioned(table.name)
    }
    if not partitioned:
        return each
    return replace(each, done=only(each.done), refuse=tuple((only(when), text) for when, text in each.refuse))


def _matches(each: Action, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    for statement in each.statements:
        found = pattern.search(statement.sql) if isinstance(statement.sql, str) else None
        if found:
            yield found


def _plain(quoted: str) -> str:
    return quoted[1:-1].replace('""', '"') if quoted.startswith('"') else quoted


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
    for found in _matches(each, _BUILD):
        name, unique, body = _plain(found[2]), bool(found[1]), found[3]
        yield from _built(table, name, unique, body, each.done, stage, tree, alone=name in used)
        return
    for found in _matches(each, _USE):
        yield from _key(table, _plain(found[1]), found[2], _plain(found[3]), found[4] or "", each.done, stage, tree)
        return
    for found in _matches(each, _DROP):
        yield replace(each, statements=(_dropped(table, found[1]),))
        return
    for found in _matches(each, _FOREIGN):
        if has_foreign_keys_not_valid_on_partitioned(tree.context.version) or not _names(each, table):
            break
        yield from _foreign(table, each, _plain(found[1]), found[2], stage, tree)
        return
    yield each


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


def _names(each: Action, table: QName) -> bool:
    """Whether the table is the one that is altered, and not the one that is referred to."""
    return any(isinstance(s.sql, str) and s.sql.startswith(f"ALTER TABLE {qname(table)} ") for s in each.statements)


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


def _foreign(table: QName, each: Action, name: str, definition: str, stage: Stage, tree: Tree) -> Iterator[Action]:
    """Before PostgreSQL 18: on each partition NOT VALID, then validated; then above, where nothing is read any more."""
    from generator.dialects.postgres.recipes.foreign_keys import add_actions

    key = next(k for side in tree.sides(table) for k in side.foreign_keys if k.definition == definition)
    for part, _ in tree.parts(table, stage):
        if not tree.is_partitioned(part):
            called = next(
                (k.name for side in tree.sides(part)[:1] for k in side.foreign_keys if k.definition == definition), name
            )
            for one in add_actions(part, replace(key, name=called)):
                yield replace(one, done=probes.either(each.done, one.done))
    at_once = constraints.add_foreign_key_at_once(table, replace(key, name=name))
    locks = tuple(access_exclusive(lock.table) if lock.table == key.references else lock for lock in at_once.locks)
    yield replace(each, statements=(replace(at_once, locks=locks),))
