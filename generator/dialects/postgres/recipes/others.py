"""Objects that are known by their definition: views, functions, triggers, policies and the like.

What the new version needs comes at expand, after the tables and columns that it speaks of; what keeps statements from
doing what they did (policies, row-level security, rules) at contract; what the old version needs goes at contract,
before the columns that it speaks of. One that is replaced changes in one transaction, with the views that hang on it.
"""

import re
from collections.abc import Iterator

from generator.dialects.postgres import defined, probes
from generator.dialects.postgres.locks import access_exclusive, share_row_exclusive, share_update_exclusive
from generator.dialects.postgres.names import ident
from generator.dialects.postgres.recipes.change_domain import change_domain
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    column_ref,
    hanging_refs,
    mentions,
    other_ref,
    table_ref,
    words_of,
)
from generator.dialects.postgres.recipes.windows import needs_window
from generator.model import change as c
from generator.model.plan import Pace, Ref, Stage, Statement, Step, TableLock, Undo
from generator.model.schema import Column, Other, QName

_FORBIDS = ("policy", "row-level security", "rule")
_TYPES = ("domain", "composite type", "range type", "collation")


def add_other(change: c.OtherAdded, context: Context) -> Iterator[Step]:
    """Made at expand; what forbids, at contract."""
    other = change.other
    step = Step(
        stage=Stage.CONTRACT if other.kind in _FORBIDS else Stage.EXPAND,
        purpose=f"Create the {_called(other)}.",
        run=(action(_make(other), defined.is_there(other)),),
        undo=Undo(actions=(action(_drop(other), defined.is_gone(other)),)),
        makes=(other_ref(other),),
        needs=tuple(_needs(other, context)),
    )
    yield _in_window(step, other)


def drop_other(change: c.OtherDropped, context: Context) -> Iterator[Step]:
    """At contract; a type in cleanup, when no column that was kept uses it."""
    other, users = change.other, tuple(_users_kept(change.other, context))
    step = Step(
        stage=Stage.CLEANUP if other.kind in _TYPES or users else Stage.CONTRACT,
        purpose=f"Drop the {_called(other)}.",
        run=(action(_drop(other), defined.is_gone(other)),),
        undo=Undo(actions=(action(_make(other), defined.is_there(other)),)),
        makes=(Ref(kind="other gone", of=QName(other.kind, other.name)), *_hanging(other, context)),
        needs=(*_after(other, context), *users),
    )
    yield _in_window(step, other)


def _in_window(step: Step, other: Other) -> Step:
    if other.table is None:
        return step
    return needs_window(step, other.table, f"writing {other.table} to the log, or no longer, rewrites it")


def change_other(change: c.OtherChanged, context: Context) -> Iterator[Step]:
    """In one transaction: at contract where the old definition uses what goes, or has what the new one lacks.

    A domain stays, and is altered in what differs.
    """
    if change.new.kind == "domain":
        yield from change_domain(change, context)
        return
    pairs = _together(change, context)
    if pairs[0] != (change.old, change.new):
        return  # it changes with the one that it hangs on
    late = any(_hanging(old, context) or narrows(old, new) for old, new in pairs)
    stage = Stage.CONTRACT if late or change.new.kind in _FORBIDS else Stage.EXPAND
    there = probes.both(*(defined.is_there(new) for _, new in pairs))
    back = probes.both(*(defined.is_there(old) for old, _ in pairs))
    yield Step(
        stage=stage,
        purpose=f"Change the {', the '.join(_called(new) for _, new in pairs)}.",
        run=(action(_replace(pairs), there),),
        undo=Undo(actions=(action(_replace(tuple((new, old) for old, new in pairs)), back),)),
        makes=tuple(ref for old, new in pairs for ref in (other_ref(new), *_hanging(old, context))),
        needs=tuple(ref for _, new in pairs for ref in _needs(new, context)),
    )


def _together(change: c.OtherChanged, context: Context) -> tuple[tuple[Other, Other], ...]:
    """The change, and with a view every view that hangs on it (changed or not), each after what it hangs on."""
    if change.new.kind != "view":
        return ((change.old, change.new),)
    changed = {each.new: each.old for each in context.changes if isinstance(each, c.OtherChanged)}
    views = [
        each for each in context.new.others if each.kind == "view" and (each in changed or each in context.old.others)
    ]
    found = [_root(change.new, views, set(changed))]
    for each in found:
        found += [view for view in views if view not in found and mentions(words_of(view.definition), each)]
    return tuple((changed.get(view, view), view) for view in found)


def _root(view: Other, views: list[Other], changed: set[Other]) -> Other:
    """The changed view that this one hangs on, and which hangs on none."""
    for each in views:
        if each in changed and each != view and mentions(words_of(view.definition), each):
            return _root(each, [one for one in views if one != view], changed)
    return view


def _called(other: Other) -> str:
    return f"{other.kind} {other.name}" if other.kind != "rights" else f"rights on {other.name}"


def _make(other: Other) -> tuple[Statement, ...]:
    if other.kind == "materialized view":
        return (Statement(sql=defined.make(other), pace=Pace.LONG, scans=_reads(other)),)
    if other.kind == "unlogged table":
        return (_rewriting(other, defined.make(other)),)
    made = Statement(sql=defined.make(other), locks=_locks(other))
    if other.kind in ("function", "procedure"):
        # The body is the owner's business, and looks for its tables where the function will look for them.
        return (Statement(sql="SET LOCAL check_function_bodies = off"), made)
    return (made,)


def make_statements(other: Other) -> tuple[Statement, ...]:
    """The statements that make it, with their locks."""
    return _make(other)


def drop_statements(other: Other) -> tuple[Statement, ...]:
    """The statements that take it away, with their locks."""
    return _drop(other)


def needs_of(other: Other, context: Context) -> tuple[Ref, ...]:
    """Whatever of this plan its definition speaks of."""
    return tuple(_needs(other, context))


def _rewriting(other: Other, sql: str) -> Statement:
    """Between logged and unlogged the whole table is written again."""
    assert other.table is not None
    return Statement(sql=sql, pace=Pace.WINDOW, locks=_locks(other), scans=(other.table,), rewrites=(other.table,))


def _drop(other: Other) -> tuple[Statement, ...]:
    if other.kind == "unlogged table":
        return (_rewriting(other, defined.drop(other)),)
    return (Statement(sql=defined.drop(other), locks=() if other.kind == "publication" else _locks(other, drops=True)),)


def _replace(pairs: tuple[tuple[Other, Other], ...]) -> tuple[Statement, ...]:
    """Each of the first by each of the second, in one transaction: dropped from the last, made from the first."""
    if len(pairs) == 1 and defined.is_replaced(*pairs[0]):
        return _make(pairs[0][1])
    dropped = tuple(statement for old, _ in reversed(pairs) for statement in _drop(old))
    return dropped + tuple(statement for _, new in pairs for statement in _make(new))


def _reads(view: Other) -> tuple[QName, ...]:
    """The tables that a materialized view reads when it is made."""
    import sqlglot
    from sqlglot import exp

    query = sqlglot.parse_one(view.definition.split(" AS\n", 1)[1].split(";\nALTER", 1)[0], read="postgres")
    return tuple(dict.fromkeys(QName(table.db or "public", table.name) for table in query.find_all(exp.Table)))


def _locks(other: Other, *, drops: bool = False) -> tuple[TableLock, ...]:
    """The lock on the table that the object belongs to."""
    if other.kind == "publication":
        named = re.findall(r"TABLE ((?:\"(?:[^\"]|\"\")+\"|[\w$]+)\.(?:\"(?:[^\"]|\"\")+\"|[\w$]+))", other.definition)
        return tuple(share_update_exclusive(QName(*(part.strip('"') for part in name.split(".", 1)))) for name in named)
    if other.table is None:
        return ()
    match other.kind:
        case "trigger" if not drops:
            return (share_row_exclusive(other.table),)
        case "statistics" | "storage parameters" | "column statistics":
            return (share_update_exclusive(other.table),)
        case "rights" | "comment":
            return ()
        case _:
            return (access_exclusive(other.table),)


def _needs(other: Other, context: Context) -> Iterator[Ref]:
    """Whatever of this plan the definition speaks of."""
    words = words_of(other.definition)
    for change in context.changes:
        match change:
            case c.TableAdded(table=table) if ident(table.name.name) in words:
                yield table_ref(table.name)
            case c.TableRenamed(table=table) if ident(table.name.name) in words:
                yield table_ref(table.name)
            case c.ColumnAdded(table=name, column=column) if {ident(column.name), ident(name.name)} <= words:
                yield column_ref(name, column.name)
            case c.ColumnRenamed(table=name, new=column) if {ident(column.name), ident(name.name)} <= words:
                yield column_ref(name, column.name)
            case c.OtherAdded(other=one) | c.OtherChanged(new=one) if one != other and mentions(words, one):
                if not mentions(words_of(one.definition), other):
                    yield other_ref(one)
            case c.EnumAdded(enum=enum) if ident(enum.name.name) in words:
                yield Ref(kind="object", of=enum.name)
            case _:
                pass
    yield Ref(kind="object", of=QName("", other.table.schema if other.table else _schema(other)))


def _after(other: Other, context: Context) -> Iterator[Ref]:
    """Others which speak of this one, and go or change as well, do so first."""
    for change in context.changes:
        if isinstance(change, c.OtherDropped | c.OtherChanged):
            one = change.other if isinstance(change, c.OtherDropped) else change.old
            if (
                one != other
                and mentions(words_of(one.definition), other)
                and not mentions(words_of(other.definition), one)
            ):
                yield Ref(kind="other gone", of=QName(one.kind, one.name))


def _users_kept(other: Other, context: Context) -> Iterator[Ref]:
    """The tables of columns that are kept until cleanup and may use it: they go first."""
    for change in context.changes:
        match change:
            case c.ColumnDropped() | c.ColumnTypeChanged() | c.ColumnRenamed():
                kept: tuple[Column, ...] = (change.column if isinstance(change, c.ColumnDropped) else change.old,)
                table = change.table
            case c.TableDropped():
                kept, table = change.table.columns, change.table.name
            case _:
                continue
        if any(mentions(words_of(f"{each.type} {each.default} {each.generated}"), other) for each in kept):
            yield Ref(kind="dropped", of=table)


def _schema(other: Other) -> str:
    return other.sql_name.split(".", 1)[0].strip('"')


def _hanging(other: Other, context: Context) -> tuple[Ref, ...]:
    """The columns that go in this plan and which the definition speaks of: the object goes before them."""
    words = words_of(other.definition)
    gone = [
        (change.table, change.column.name if isinstance(change, c.ColumnDropped) else change.old.name)
        for change in context.changes
        if isinstance(change, c.ColumnDropped | c.ColumnRenamed)
    ]
    return tuple(
        ref
        for table, name in gone
        if ident(name) in words and (ident(table.name) in words or other.table == table)
        for ref in hanging_refs(table, (name,))
    )


def narrows(old: Other, new: Other) -> bool:
    """Whether a view loses columns, which the old version may read."""
    if old.kind not in ("view", "materialized view"):
        return False
    before, after = (_outputs(each) for each in (old, new))
    return not before <= after


def _outputs(view: Other) -> frozenset[str]:
    import sqlglot

    query = sqlglot.parse_one(view.definition.split(" AS\n", 1)[1].split(";\nALTER", 1)[0], read="postgres")
    return frozenset(getattr(query, "named_selects", ()))
