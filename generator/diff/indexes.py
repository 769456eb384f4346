"""Indexes of a table that both schemas have: paired by name, then by what they index."""

from collections.abc import Iterator

from generator.diff.found import Found
from generator.diff.pair import comment
from generator.model.change import CommentTarget, IndexAdded, IndexChanged, IndexDropped, IndexRenamed
from generator.model.schema import Index, QName, Table


def compare_indexes(old: Table, new: Table) -> Iterator[Found]:
    """An invalid index (an interrupted build) is never the same as one that is wanted."""
    before, after = {each.name: each for each in old.indexes}, {each.name: each for each in new.indexes}
    for name in sorted(before.keys() & after.keys()):
        if _same(before[name], after[name]):
            yield from _comment(new.name, before[name], after[name])
        else:
            yield IndexChanged(table=new.name, old=before[name], new=after[name])
    gone = [before[name] for name in sorted(before.keys() - after.keys())]
    for name in sorted(after.keys() - before.keys()):
        twin = next((each for each in gone if _same(each, after[name])), None)
        if twin is not None:
            gone.remove(twin)
            yield IndexRenamed(table=new.name, old=twin.name, new=name)
            yield from _comment(new.name, twin, after[name])
        else:
            yield IndexAdded(table=new.name, index=after[name])
            yield from _comment(new.name, None, after[name])
    for each in gone:
        yield IndexDropped(table=new.name, index=each)


def _same(old: Index, new: Index) -> bool:
    return (old.unique, old.body, old.valid) == (new.unique, new.body, new.valid)


def _comment(table: QName, old: Index | None, new: Index) -> Iterator[Found]:
    before = old.comment if old is not None else None
    yield from comment(CommentTarget.INDEX, QName(table.schema, new.name), "", before, new.comment)
