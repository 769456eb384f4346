"""What models leave out because they cannot say it: it is not gone, and stays as it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from generator.diff.bookkeeping import with_bookkeeping
from generator.errors import BadInput
from generator.model.schema import QName, Schema


def as_meant(
    old: Schema, new: Schema, *, partial: bool, outside: frozenset[QName] = frozenset()
) -> tuple[Schema, tuple[str, ...]]:
    """``new`` with what its source leaves out and does not mean to be gone; what is to be said of that.

    ``partial`` says that it comes from models, and ``old`` from something that can say all. ``outside`` are tables that
    are referred to and not the source's own. Raises BadInput for one that ``old`` does not have.
    """
    new, notes = with_bookkeeping(old, new)
    if outside:
        new = _with_theirs(old, new, outside)
        names = ", ".join(sorted(map(str, outside)))
        notes += (f"Left as they are, since they are referred to and not declared: {names}.",)
    if not partial:
        return new, notes
    new, unsaid = with_unsaid(old, new)
    return new, notes + unsaid


def _with_theirs(old: Schema, new: Schema, outside: frozenset[QName]) -> Schema:
    theirs = {table.name: table for table in old.tables if table.name in outside}
    missing = sorted(outside - theirs.keys())
    if missing:
        raise BadInput(
            f"The new schema refers to the table {missing[0]}, which neither of the two declares.",
            "Give an old schema that has it, or declare it in both.",
        )
    return replace(new, tables=tuple(theirs.get(table.name, table) for table in new.tables))


def with_unsaid(old: Schema, new: Schema) -> tuple[Schema, tuple[str, ...]]:
    """``new``, which comes from models, with what only ``old`` can say; and a sentence for each kind that was kept.

    Models know no views, functions, triggers, grants and the like, and no extensions. Something that both sides have
    is compared as ever. What hangs on a table that goes is not kept.
    """
    tables = {table.name for table in new.tables}
    known = {(other.kind, other.name) for other in new.others}
    gone = {table.name for table in old.tables} - tables
    others = [each for each in old.others if (each.kind, each.name) not in known and each.table not in gone]
    extensions = [each for each in old.extensions if each.name not in {one.name for one in new.extensions}]
    said = [_many(each.kind for each in others)] if others else []
    said += [f"extension {each.name}" for each in extensions]
    return (
        replace(
            new,
            others=tuple(sorted((*new.others, *others), key=lambda each: (each.kind, each.name))),
            extensions=tuple(sorted((*new.extensions, *extensions), key=lambda each: each.name)),
        ),
        (f"Left as they are, since models cannot say them: {', '.join(said)}.",) if said else (),
    )


def _many(kinds: Iterable[str]) -> str:
    counted = Counter(kinds)
    return ", ".join(f"{number} {kind}{'s' * (number > 1)}" for kind, number in sorted(counted.items()))
