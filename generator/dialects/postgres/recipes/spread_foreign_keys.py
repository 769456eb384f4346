"""Foreign keys of a partitioned table before PostgreSQL 18, which takes none there that is NOT VALID.

So each partition gets its own, NOT VALID, which is then validated while the application works; the one above comes
last, finds those of the partitions and reads nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.locks import access_exclusive
from generator.dialects.postgres.names import NAME, ident, qname
from generator.dialects.postgres.recipes.context import action
from generator.dialects.postgres.recipes.tree import Tree
from generator.dialects.postgres.statements import constraints
from generator.dialects.postgres.versions import has_foreign_keys_not_valid_on_partitioned
from generator.model.plan import Action, Stage, Statement
from generator.model.schema import QName
from generator.model.words import unquoted

_ADD = re.compile(rf"(ALTER TABLE .+?) ADD CONSTRAINT ({NAME}) (FOREIGN KEY .*) NOT VALID\Z", re.S)
_DROP = re.compile(rf"(ALTER TABLE .+?) DROP CONSTRAINT ({NAME})\Z", re.S)


def spread_foreign_keys(actions: tuple[Action, ...], stage: Stage, tree: Tree) -> tuple[Action, ...]:
    """The actions, with the foreign keys of partitioned tables written for each partition where they have to be."""
    if has_foreign_keys_not_valid_on_partitioned(tree.context.version):
        return actions
    partitioned = {f"ALTER TABLE {qname(name)}": name for name in tree.partitioned()}
    return tuple(one for each in actions for one in _spread(each, partitioned, stage, tree))


def _spread(each: Action, partitioned: Mapping[str, QName], stage: Stage, tree: Tree) -> Iterator[Action]:
    added = {n: found for n, s in enumerate(each.statements) if (found := _on(partitioned, _ADD, s)) is not None}
    if not added:
        yield each
        return
    alone = all(n in added or str(s.sql).startswith("LOCK TABLE ") for n, s in enumerate(each.statements))
    now: list[Statement] = []
    later: list[Action] = []
    for number, statement in enumerate(each.statements):
        if number not in added:
            now += _dropped(statement, partitioned, stage, tree)
            continue
        found = added[number]
        table, name, definition = partitioned[found[1]], unquoted(found[2]), found[3]
        others = tuple(lock.table for lock in statement.locks if lock.table != table)
        there = probes.constraint_is(table, name, definition)
        for part in _leaves(table, stage, tree):
            mine = tree.known_below(part, name) or name
            add = replace(
                statement,
                sql=f"ALTER TABLE {qname(part)} ADD CONSTRAINT {ident(mine)} {definition} NOT VALID",
                locks=tuple(replace(lock, table=part) if lock.table == table else lock for lock in statement.locks),
            )
            if alone:
                later.append(action(add, probes.either(each.done, there, probes.constraint_is(part, mine, definition))))
            else:
                now.append(add)
            valid = probes.either(there, probes.constraint_validated(part, mine, definition))
            later.append(action(constraints.validate_reference(part, mine, others), valid))
        locks = tuple(access_exclusive(lock.table) if lock.table in others else lock for lock in statement.locks)
        later.append(action(replace(statement, sql=str(statement.sql).removesuffix(" NOT VALID"), locks=locks), there))
    if not alone:
        yield replace(each, statements=tuple(now))
    yield from later


def _on(partitioned: Mapping[str, QName], form: re.Pattern[str], statement: Statement) -> re.Match[str] | None:
    found = form.match(statement.sql) if isinstance(statement.sql, str) else None
    return found if found is not None and found[1] in partitioned else None


def _dropped(statement: Statement, partitioned: Mapping[str, QName], stage: Stage, tree: Tree) -> Iterator[Statement]:
    """An interruption may have left the foreign keys of the partitions without the one above."""
    found = _on(partitioned, _DROP, statement)
    table = partitioned[found[1]] if found is not None else None
    if found is None or table is None or not tree.is_foreign_key(table, unquoted(found[2])):
        yield statement
        return
    yield replace(statement, sql=f"{found[1]} DROP CONSTRAINT IF EXISTS {found[2]}")
    for part in _leaves(table, stage, tree):
        mine = tree.known_below(part, unquoted(found[2])) or unquoted(found[2])
        yield replace(
            statement,
            sql=f"ALTER TABLE {qname(part)} DROP CONSTRAINT IF EXISTS {ident(mine)}",
            locks=tuple(replace(lock, table=part) if lock.table == table else lock for lock in statement.locks),
        )


def _leaves(table: QName, stage: Stage, tree: Tree) -> tuple[QName, ...]:
    return tuple(part for part, _ in tree.parts(table, stage) if not tree.is_partitioned(part))
