"""What an object that is known by its definition has around it in a plan: what it needs, and what needs it gone."""

from collections.abc import Iterator

from generator.dialects.postgres.names import ident
from generator.dialects.postgres.publications import narrowed_by
from generator.dialects.postgres.recipes.context import (
    Context,
    column_ref,
    filled_ref,
    hanging_refs,
    other_ref,
    table_ref,
)
from generator.dialects.postgres.recipes.definitions import RELATIONS, query_of
from generator.dialects.postgres.recipes.rebuilt import belongs_to
from generator.dialects.postgres.recipes.words import mentions, words_of
from generator.model import change as c
from generator.model.plan import Ref, Stage
from generator.model.schema import Column, Other, QName

FORBIDS = ("policy", "row-level security", "rule")
"""Kinds that keep statements from doing what they did: they come at contract."""

_OF_INDEXES = ("index parameters", "index statistics")
_INDEXES = (
    *(c.IndexAdded, c.IndexChanged, c.IndexRenamed, c.UniqueAdded, c.UniqueChanged, c.PrimaryKeyAdded),
    *(c.PrimaryKeyChanged, c.ExclusionAdded),
)


def stage_of(other: Other, context: Context) -> Stage:
    """When it is made: as late as what it speaks of."""
    stages = context.kept.setdefault("stages", {})
    assert isinstance(stages, dict)
    key = (other.kind, other.name, other.table)
    if key not in stages:
        stages[key] = Stage.EXPAND  # while looking
        forbids = other.kind in FORBIDS or narrowed_by(other, context.before, context.new)
        found = Stage.CONTRACT if forbids else Stage.EXPAND
        found = max(found, _stage_of_index(other, context), key=lambda each: each.number)
        if other.kind == "materialized view" and any(_is_filled(ref, context) for ref in needs_of(other, context)):
            found = Stage.VALIDATE
        words = words_of(other.definition) | words_of(other.sql_name if other.kind == "comment" else "")
        for change in context.changes:
            if isinstance(change, c.OtherAdded | c.OtherChanged):
                one = change.other if isinstance(change, c.OtherAdded) else change.new
                if one != other and (mentions(words, one) or belongs_to(other, one)):
                    found = max(found, stage_of(one, context), key=lambda each: each.number)
        stages[key] = found
    found = stages[key]
    assert isinstance(found, Stage)
    return found


def _stage_of_index(other: Other, context: Context) -> Stage:
    """When the index is there that it is about."""
    if other.kind == "index":
        return Stage.VALIDATE
    about = _indexes_of(other, context)
    if any(isinstance(each, c.UniqueChanged | c.PrimaryKeyChanged | c.IndexRenamed) for each in about):
        return Stage.CONTRACT
    return Stage.VALIDATE if about else Stage.EXPAND


def _indexes_of(other: Other, context: Context) -> tuple[c.Change, ...]:
    """The changes of the indexes that a setting of a table or of an index is about."""
    if other.table is None or other.kind not in ("clustered index", "replica identity", *_OF_INDEXES):
        return ()
    words = words_of(other.definition)
    return tuple(
        each
        for each in context.changes
        if isinstance(each, _INDEXES) and each.table == other.table and ident(_name_of(each)) in words
    )


def _name_of(change: c.Change) -> str:
    match change:
        case c.IndexAdded(index=thing):
            return thing.name
        case c.UniqueAdded(unique=thing):
            return thing.name
        case c.PrimaryKeyAdded(key=thing):
            return thing.name
        case c.ExclusionAdded(exclusion=thing):
            return thing.name
        case c.IndexRenamed(new=name):
            return name
        case c.IndexChanged(new=thing) | c.UniqueChanged(new=thing) | c.PrimaryKeyChanged(new=thing):
            return thing.name
        case _:
            return ""


def _is_filled(ref: Ref, context: Context) -> bool:
    return ref.kind in ("column", "filled") and (ref.of, ref.name) in context.backfills


def stored_by(other: Other, context: Context) -> tuple[str, ...]:
    """The parts of tables that hang on it, also through other objects; of what reads tables itself only these."""
    own = (other.kind, other.sql_name)
    kinds = ("part of a table",) if other.kind in RELATIONS else ("part of a table", "materialized view", "index")
    found, waiting = {own}, [own]
    while waiting:
        for each in context.facts.hanging.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return tuple(sorted(name for kind, name in found - {own} if kind in kinds))


def needs_of(other: Other, context: Context) -> tuple[Ref, ...]:
    """Whatever of this plan the definition speaks of."""
    return tuple(_needs(other, context))


def _needs(other: Other, context: Context) -> Iterator[Ref]:
    words = words_of(other.definition) | words_of(other.sql_name if other.kind == "comment" else "")
    for change in context.changes:
        match change:
            case c.TableAdded(table=table) if ident(table.name.name) in words:
                yield table_ref(table.name)
            case c.TableRenamed(table=table) if ident(table.name.name) in words:
                yield table_ref(table.name)
            case c.ColumnAdded(table=name, column=column) if {ident(column.name), ident(name.name)} <= words:
                yield column_ref(name, column.name)
                if other.kind == "materialized view":
                    yield filled_ref(name, column.name)
            case c.ColumnRenamed(table=name, new=column) if {ident(column.name), ident(name.name)} <= words:
                yield column_ref(name, column.name)
            case c.OtherAdded(other=one) | c.OtherChanged(new=one) if one != other and (
                mentions(words, one) or belongs_to(other, one)
            ):
                if not mentions(words_of(one.definition), other):
                    yield other_ref(one)
            case c.EnumAdded(enum=enum) if ident(enum.name.name) in words:
                yield Ref(kind="object", of=enum.name)
            case c.SequenceAdded(sequence=sequence) if ident(sequence.name.name) in words:
                yield Ref(kind="object", of=sequence.name)
            case c.NamespaceAdded(namespace=namespace) if ident(namespace.name) in words:
                yield Ref(kind="object", of=QName("", namespace.name))
            case c.ExtensionAdded(extension=extension) if other.kind in ("server", "function", "foreign-data wrapper"):
                yield Ref(kind="object", of=QName("", extension.name))
            case _:
                pass
    for change in _indexes_of(other, context):
        of = other.table or QName("", "")
        yield from (Ref(kind=kind, of=of, name=_name_of(change)) for kind in ("index", "constraint"))
    yield Ref(kind="object", of=QName("", other.table.schema if other.table else _schema(other)))


def after(other: Other, context: Context) -> Iterator[Ref]:
    """Others which speak of this one, and go or change as well, do so first."""
    for change in context.changes:
        if isinstance(change, c.OtherDropped | c.OtherChanged):
            one = change.other if isinstance(change, c.OtherDropped) else change.old
            if (
                one != other
                and (mentions(words_of(one.definition), other) or belongs_to(one, other))
                and not mentions(words_of(other.definition), one)
            ):
                yield Ref(kind="other gone", of=QName(one.kind, one.name))


def users_kept(other: Other, context: Context) -> Iterator[Ref]:
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
        texts = [f"{each.type} {each.default} {each.generated}" for each in kept]
        if isinstance(change, c.TableDropped):  # its triggers stay with it
            texts += [each.definition for each in context.old.others if each.kind == "trigger" and each.table == table]
        if any(mentions(words_of(text), other) for text in texts):
            yield Ref(kind="dropped", of=table)


def _schema(other: Other) -> str:
    return other.sql_name.split(".", 1)[0].strip('"')


def hanging(other: Other, context: Context) -> tuple[Ref, ...]:
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

    return frozenset(getattr(sqlglot.parse_one(query_of(view), read="postgres"), "named_selects", ()))
