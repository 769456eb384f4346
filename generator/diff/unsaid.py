"""What models leave out because they cannot say it: it is not gone, and stays as it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from generator.diff.bookkeeping import with_bookkeeping
from generator.errors import BadInput
from generator.model.schema import QName, Schema


def as_meant(
    old: Schema, new: Schema, *, partial: bool, outside: frozenset[QName] = frozenset(), own_namespaces: bool = False
) -> tuple[Schema, tuple[str, ...]]:
    """``new`` with what its source leaves out and does not mean to be gone; what is to be said of that.

    ``partial`` says that it comes from models, and ``old`` from something that can say all. ``outside`` are tables that
    are referred to and not the source's own. Raises BadInput for one that ``old`` does not have. ``own_namespaces``
    says that a source which leaves something out speaks of its own namespaces only, as Drizzle's do.
    """
    new, notes = with_bookkeeping(old, new)
    if outside:
        new = _with_theirs(old, new, outside)
        names = ", ".join(sorted(map(str, outside)))
        notes += (f"Left as they are, since they are referred to and not declared: {names}.",)
    if not partial:
        return new, notes
    if own_namespaces:
        new, others = _with_other_namespaces(old, new, outside)
        notes += others
    new, unsaid = with_unsaid(old, new)
    return new, notes + unsaid


def _with_other_namespaces(old: Schema, new: Schema, outside: frozenset[QName]) -> tuple[Schema, tuple[str, ...]]:
    """With everything of those namespaces of ``old`` of which ``new`` does not speak, but for tables outside."""
    own = {each.name.schema for each in new.tables if each.name not in outside} | {"public"}
    own |= {each.name.schema for each in new.sequences} | {each.name.schema for each in new.enums}
    own |= {each.name for each in new.namespaces} - {name.schema for name in outside}
    names = {each.name for each in old.namespaces} - own
    if not names:
        return new, ()
    new = replace(
        new,
        namespaces=_joined(new.namespaces, [each for each in old.namespaces if each.name in names]),
        tables=_joined(new.tables, [each for each in old.tables if each.name.schema in names]),
        sequences=_joined(new.sequences, [each for each in old.sequences if each.name.schema in names]),
        enums=_joined(new.enums, [each for each in old.enums if each.name.schema in names]),
    )
    return new, (
        f"Left as they are, since Drizzle's schema does not speak of them: schema {', '.join(sorted(names))}.",
    )


def _joined(own: tuple[Any, ...], others: list[Any]) -> tuple[Any, ...]:
    """Those of both by their names, each once."""
    known = {each.name for each in own}
    return tuple(sorted((*own, *(each for each in others if each.name not in known)), key=lambda each: each.name))


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
