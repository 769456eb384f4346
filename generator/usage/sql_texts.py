"""SQL in a text: which of its tables and columns are affected, as sqlglot resolves them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from generator.model.schema import QName
from generator.usage.affected import Affected
from generator.usage.found import Found
from generator.usage.sql_scopes import Scopes

if TYPE_CHECKING:
    from sqlglot import exp

_SQL = re.compile(
    r"\s*(?:--[^\n]*\n\s*|/\*.*?\*/\s*)*(?:\(\s*)*(?:select|insert|update|delete|with|merge|copy)\s", re.I | re.S
)


def looks_like_sql(text: str) -> bool:
    """Whether a text begins as a statement does that reads or writes rows."""
    return _SQL.match(text) is not None


def uses_in_sql(text: str, affected: Affected) -> Iterator[Found]:
    """What one statement, or several, use. A text that cannot be read, or names no affected table, gives nothing."""
    import sqlglot
    from sqlglot.errors import SqlglotError

    if not any(re.search(rf"(?<!\w){re.escape(table.name)}(?!\w)", text) for table in affected.touched):
        return
    try:
        trees = sqlglot.parse(text, read="postgres")
    except (SqlglotError, RecursionError):
        return
    for tree in trees:
        if tree is not None:
            yield from _uses(tree, affected)


def _uses(tree: "exp.Expr", affected: Affected) -> Iterator[Found]:
    from sqlglot import exp

    scopes = Scopes(tree, affected)
    for table in tree.find_all(exp.Table):
        name = scopes.table(table)
        if name is not None and name in affected.gone:
            yield _at(table.this, str(name), affected.gone[name], certain=True)
    for column in tree.find_all(exp.Column):
        resolved = scopes.column(column)
        if resolved is None:
            continue
        (owner, word), certain = resolved
        why = affected.columns.get((owner, word))
        if why is not None:
            yield _at(column.this, f"{owner}.{word}", why, certain=certain)
    yield from _joins(tree, scopes, affected)
    for insert in tree.find_all(exp.Insert):
        yield from _insert(insert, scopes, affected)
    for update in tree.find_all(exp.Update):
        yield from _update(update, scopes, affected)


def _joins(tree: "exp.Expr", scopes: Scopes, affected: Affected) -> Iterator[Found]:
    """Rows matched as a back-fill matched them."""
    from sqlglot import exp

    for equal in tree.find_all(exp.EQ):
        sides = [
            [(each, found) for each in side.find_all(exp.Column) if (found := scopes.column(each)) is not None]
            for side in (equal.this, equal.expression)
        ]
        for column, (one, sure) in sides[0]:
            for _, (other, surely) in sides[1]:
                why = affected.joins.get(frozenset((one, other)))
                if why is not None:
                    yield _at(column.parts[0], _pair(one, other), why, certain=sure and surely)
    for join in tree.find_all(exp.Join):
        shared = [each.name for each in join.args.get("using") or ()]
        for pair, why in affected.joins.items() if shared else ():
            tables = {table for table, _ in pair}
            if {name for _, name in pair} <= set(shared) and tables <= scopes.tables_near(join):
                one, other = sorted(pair)
                yield _at(join.this.this, _pair(one, other), why, certain=True)


def _pair(one: tuple[QName, str], other: tuple[QName, str]) -> str:
    return " = ".join(f"{table}.{name}" for table, name in sorted((one, other)))


def _insert(insert: "exp.Insert", scopes: Scopes, affected: Affected) -> Iterator[Found]:
    from sqlglot import exp

    target = insert.this.this if isinstance(insert.this, exp.Schema) else insert.this
    name = scopes.table(target) if isinstance(target, exp.Table) else None
    if name is None:
        return
    listed = insert.this.expressions if isinstance(insert.this, exp.Schema) else []
    given = {each.name for each in listed}
    for identifier in listed:
        why = affected.columns.get((name, identifier.name))
        if why is not None:
            yield _at(_identifier(identifier), f"{name}.{identifier.name}", why, certain=True)
    for column, why in affected.must_give(name):
        if column not in given:
            yield _at(
                target.this,
                f"a new row of {name} without {column}",
                why,
                certain=bool(listed or insert.args.get("default")),
            )
    values = insert.expression
    if isinstance(values, exp.Values) and listed:
        for row in values.expressions:
            yield from _nulls(name, [each.name for each in listed], row.expressions, affected)
    conflict = insert.args.get("conflict")
    if conflict is not None:
        keys = frozenset(each.name for key in conflict.args.get("conflict_keys") or () for each in _named(key))
        why = affected.keys.get((name, keys))
        if why is not None:
            yield _at(target.this, f"ON CONFLICT ({', '.join(sorted(keys))}) of {name}", why, certain=True)


def _update(update: "exp.Update", scopes: Scopes, affected: Affected) -> Iterator[Found]:
    from sqlglot import exp

    name = scopes.table(update.this) if isinstance(update.this, exp.Table) else None
    for equal in update.expressions if name is not None else ():
        if isinstance(equal, exp.EQ) and isinstance(equal.this, exp.Column):
            assert name is not None
            yield from _nulls(name, [equal.this.name], [equal.expression], affected, at=equal.this.this)


def _nulls(
    table: QName,
    names: list[str],
    values: "list[exp.Expr]",
    affected: Affected,
    at: "exp.Expr | None" = None,
) -> Iterator[Found]:
    from sqlglot import exp

    for name, value in zip(names, values, strict=False):
        why = affected.never_null.get((table, name)) or affected.required.get((table, name))
        if isinstance(value, exp.Null) and why is not None:
            place = at if at is not None else value
            yield _at(place, f"NULL for {table}.{name}", why, certain=True)


def _named(key: "exp.Expr") -> "list[exp.Expr]":
    from sqlglot import exp

    return list(key.find_all(exp.Column)) or list(key.find_all(exp.Identifier))


def _identifier(node: "exp.Expr") -> "exp.Expr":
    from sqlglot import exp

    return node if isinstance(node, exp.Identifier) else node.this


def _at(node: "exp.Expr", what: str, why: str, *, certain: bool) -> Found:
    """At an identifier, which knows its place; what has none is told at the beginning of the text."""
    return Found(start=int(node.meta.get("start", 0)), word=node.name, what=what, why=why, certain=certain)
