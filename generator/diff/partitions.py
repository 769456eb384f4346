"""The places of tables among others: what is a partition of what, by which bounds, and what inherits from what."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from generator.diff.found import Filled, Found, Note
from generator.diff.pair import Pair
from generator.model.answers import Question, Refusal, key_of
from generator.model.change import (
    InheritanceChanged,
    PartitionAttached,
    PartitionBoundsChanged,
    PartitionDetached,
    TableRepartitioned,
)
from generator.model.schema import PartitionOf, QName, Schema, Table


def columns_below(
    renamed: Mapping[QName, Mapping[str, str]], old: Schema, new: Schema
) -> Mapping[QName, Mapping[str, str]]:
    """Which column became which, also in the tables below those that were asked about: there it follows."""
    if not renamed:
        return renamed
    found = dict(renamed)
    for name, columns in renamed.items():
        before = {each.name for each in old.below(name)}
        for table in new.below(name):
            if table.name in before:
                found[table.name] = {**columns, **found.get(table.name, {})}
    return found


def repartitioned(pair: Pair) -> Iterator[TableRepartitioned]:
    """Tables whose key differs, with all that is below them. Of a tree only the uppermost: the rest is made with it."""
    old = {table.name: table for table in pair.old.tables}
    covered: set[QName] = set()
    changed = [
        each for each in pair.new.tables if each.name in old and each.partition_key != old[each.name].partition_key
    ]
    inside = {below.name for each in changed for below in (*pair.old.below(each.name), *pair.new.below(each.name))}
    for table in changed:
        if table.name not in inside and table.name not in covered:
            change = TableRepartitioned(
                table=table.name,
                old=(old[table.name], *pair.old.below(table.name)),
                new=(table, *pair.new.below(table.name)),
            )
            covered.update(change.names)
            yield change


def follows(found: Found, old: Table, new: Table, pair: Pair) -> bool:
    """Whether what was found of a table is asked, said or answered of the table above already."""
    if not isinstance(found, Question | Refusal | Note | Filled):
        return False
    names = {
        column.name
        for side, table in ((pair.old, old), (pair.new, new))
        for above in side.tables
        if above.name in table.parents
        for column in above.columns
    }
    if isinstance(found, Filled):
        return found.column in names
    if isinstance(found, Question):
        return found.key in {key_of(new.name, name) for name in names}
    return isinstance(found, Note) and new.partition_of is not None


def compare_places(pair: Pair, done: Collection[QName]) -> Iterator[Found]:
    """Attached, detached, other bounds, other parents; ``done`` are the tables that are made anew."""
    old = {table.name: table for table in pair.old.tables}
    bounds: defaultdict[QName, list[tuple[QName, PartitionOf, PartitionOf]]] = defaultdict(list)
    for table in pair.new.tables:
        before = old.get(table.name)
        if before is None or table.name in done:
            continue
        if before.inherits != table.inherits:
            yield InheritanceChanged(table=table.name, old=before.inherits, new=table.inherits)
        was, now = before.partition_of, table.partition_of
        if was == now:
            continue
        if was is None and now is not None:
            yield PartitionAttached(table=table.name, partition_of=now)
        elif was is not None and now is None:
            yield PartitionDetached(table=table.name, partition_of=was)
        elif was is not None and now is not None and was.parent != now.parent:
            yield Refusal(
                what=f"{table.name}: a partition of {was.parent} becomes one of {now.parent}",
                because="between the two it is a table of its own, which the application would have to know",
                way_out="do it in two changes: first a table of its own, then the other partition",
            )
        elif was is not None and now is not None:
            bounds[now.parent].append((table.name, was, now))
    for parent, changed in sorted(bounds.items()):
        yield PartitionBoundsChanged(
            table=parent,
            old=tuple((name, was) for name, was, _ in changed),
            new=tuple((name, now) for name, _, now in changed),
            added=tuple(
                each.name
                for each in pair.new.tables
                if each.name not in old and each.partition_of is not None and each.partition_of.parent == parent
            ),
        )
