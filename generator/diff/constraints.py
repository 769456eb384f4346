"""Constraints of a table that both schemas have: paired by name, then by definition."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from generator.diff.found import Found
from generator.diff.pair import comment
from generator.model.change import (
    Change,
    CheckAdded,
    CheckChanged,
    CheckDropped,
    CommentTarget,
    ConstraintRenamed,
    ExclusionAdded,
    ExclusionChanged,
    ExclusionDropped,
    ForeignKeyAdded,
    ForeignKeyChanged,
    ForeignKeyDropped,
    PrimaryKeyAdded,
    PrimaryKeyChanged,
    PrimaryKeyDropped,
    UniqueAdded,
    UniqueChanged,
    UniqueDropped,
)
from generator.model.schema import Constraint, ForeignKey, QName, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How the changes of one kind of constraint are made."""

    of: Callable[[Table], tuple[Any, ...]]
    added: Callable[[QName, Any], Change]
    dropped: Callable[[QName, Any], Change]
    changed: Callable[[QName, Any, Any], Change]


_KINDS = (
    _Kind(
        of=lambda table: table.uniques,
        added=lambda table, new: UniqueAdded(table=table, unique=new),
        dropped=lambda table, old: UniqueDropped(table=table, unique=old),
        changed=lambda table, old, new: UniqueChanged(table=table, old=old, new=new),
    ),
    _Kind(
        of=lambda table: table.exclusions,
        added=lambda table, new: ExclusionAdded(table=table, exclusion=new),
        dropped=lambda table, old: ExclusionDropped(table=table, exclusion=old),
        changed=lambda table, old, new: ExclusionChanged(table=table, old=old, new=new),
    ),
    _Kind(
        of=lambda table: table.checks,
        added=lambda table, new: CheckAdded(table=table, check=new),
        dropped=lambda table, old: CheckDropped(table=table, check=old),
        changed=lambda table, old, new: CheckChanged(table=table, old=old, new=new),
    ),
    _Kind(
        of=lambda table: table.foreign_keys,
        added=lambda table, new: ForeignKeyAdded(table=table, key=new),
        dropped=lambda table, old: ForeignKeyDropped(table=table, key=old),
        changed=lambda table, old, new: ForeignKeyChanged(table=table, old=old, new=new),
    ),
)


def compare_constraints(old: Table, new: Table) -> Iterator[Found]:
    """Every constraint; a comment is a change of its own, but on one that gets another definition."""
    yield from _primary_key(old, new)
    for kind in _KINDS:
        yield from _compare(new.name, kind, kind.of(old), kind.of(new))


def same(old: Constraint, new: Constraint) -> bool:
    """Whether two constraints of a kind are the same but for name and comment."""
    if getattr(old, "validated", True) != getattr(new, "validated", True):
        return False
    if isinstance(old, ForeignKey) and isinstance(new, ForeignKey):
        # A foreign key's text holds names only; after a rename they may be quoted otherwise.
        return (old.columns, old.references, old.referenced_columns, old.definition.replace('"', "")) == (
            new.columns,
            new.references,
            new.referenced_columns,
            new.definition.replace('"', ""),
        )
    return old.definition == new.definition


def _primary_key(old: Table, new: Table) -> Iterator[Found]:
    before, after = old.primary_key, new.primary_key
    if before is None and after is not None:
        yield PrimaryKeyAdded(table=new.name, key=after)
        yield from _comment(new.name, None, after)
    elif before is not None and after is None:
        yield PrimaryKeyDropped(table=new.name, key=before)
    elif before is not None and after is not None:
        if not same(before, after):
            yield PrimaryKeyChanged(table=new.name, old=before, new=after)
        else:
            if before.name != after.name:
                yield ConstraintRenamed(table=new.name, old=before.name, new=after.name)
            yield from _comment(new.name, before, after)


def _compare(table: QName, kind: _Kind, old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Found]:
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    for name in sorted(before.keys() & after.keys()):
        if same(before[name], after[name]):
            yield from _comment(table, before[name], after[name])
        else:
            yield kind.changed(table, before[name], after[name])
            if before[name].definition == after[name].definition:
                yield from _comment(table, before[name], after[name])
    gone = [before[name] for name in sorted(before.keys() - after.keys())]
    for name in sorted(after.keys() - before.keys()):
        twin = next((each for each in gone if same(each, after[name])), None)
        if twin is not None:
            gone.remove(twin)
            yield ConstraintRenamed(table=table, old=twin.name, new=name)
            yield from _comment(table, twin, after[name])
        else:
            yield kind.added(table, after[name])
            yield from _comment(table, None, after[name])
    for each in gone:
        yield kind.dropped(table, each)


def _comment(table: QName, old: Constraint | None, new: Constraint) -> Iterator[Found]:
    """One that is made anew, with another definition, is made with its comment."""
    before = old.comment if old is not None else None
    yield from comment(CommentTarget.CONSTRAINT, table, new.name, before, new.comment)
