"""Namespaces, extensions, enums and sequences."""

from collections.abc import Iterator

from generator.diff.enum_values import replace_enum
from generator.diff.found import Found
from generator.diff.keys import toml
from generator.diff.pair import Pair, comment
from generator.model.answers import Question, QuestionKind, Suggestion, key_of
from generator.model.change import (
    CommentTarget,
    EnumAdded,
    EnumDropped,
    EnumValueAdded,
    ExtensionAdded,
    ExtensionChanged,
    ExtensionDropped,
    NamespaceAdded,
    NamespaceDropped,
    SequenceAdded,
    SequenceChanged,
    SequenceDropped,
)
from generator.model.schema import EnumType, Extension, QName, Sequence


def compare_namespaces(pair: Pair) -> Iterator[Found]:
    """By name: a renamed namespace is one dropped and one added."""
    old, new = {each.name: each for each in pair.old.namespaces}, {each.name: each for each in pair.new.namespaces}
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield NamespaceAdded(namespace=new[name])
        elif name not in new:
            yield NamespaceDropped(namespace=old[name])
        else:
            yield from comment(CommentTarget.SCHEMA, QName("", name), name, old[name].comment, new[name].comment)


def compare_extensions(pair: Pair) -> Iterator[Found]:
    """Two versions differ where a source names one: by itself a server has the same for both."""
    old, new = {each.name: each for each in pair.old.extensions}, {each.name: each for each in pair.new.extensions}
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield ExtensionAdded(extension=new[name])
        elif name not in new:
            yield ExtensionDropped(extension=old[name])
        else:
            yield from _extension(old[name], new[name])


def _extension(old: Extension, new: Extension) -> Iterator[Found]:
    if (old.schema, old.version) != (new.schema, new.version):
        yield ExtensionChanged(old=old, new=new)
    yield from comment(CommentTarget.EXTENSION, QName("", new.name), new.name, old.comment, new.comment)


def compare_enums(pair: Pair) -> Iterator[Found]:
    """Values can be added, each in its place; for anything else the type is replaced."""
    old, new = {each.name: each for each in pair.old.enums}, {each.name: each for each in pair.new.enums}
    for name in sorted(old.keys() | new.keys()):
        if name not in old:
            yield EnumAdded(enum=new[name])
        elif name not in new:
            yield EnumDropped(enum=old[name])
        else:
            yield from _values(old[name], new[name], pair)
            yield from comment(CommentTarget.TYPE, name, "", old[name].comment, new[name].comment)


def _values(old: EnumType, new: EnumType, pair: Pair) -> Iterator[Found]:
    if [value for value in new.values if value in old.values] != list(old.values):
        yield from replace_enum(old, new, pair)
        return
    # Each goes before the next value that is there already, so several in a row come out in their order.
    following: str | None = None
    added = []
    for value in reversed(new.values):
        if value in old.values:
            following = value
        else:
            added.append(EnumValueAdded(enum=new.name, value=value, before=following))
    yield from reversed(added)


def compare_sequences(pair: Pair) -> Iterator[Found]:
    """By name. The value of a sequence that goes with its column or table is not asked about on its own."""
    old, new = {each.name: each for each in pair.old.sequences}, {each.name: each for each in pair.new.sequences}
    for name in sorted(new.keys() - old.keys()):
        yield SequenceAdded(sequence=new[name])
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name], new[name]
        if (before.options, before.owned_by) != (after.options, after.owned_by):
            yield SequenceChanged(old=before, new=after)
        yield from comment(CommentTarget.SEQUENCE, name, "", before.comment, after.comment)
    for name in sorted(old.keys() - new.keys()):
        yield SequenceDropped(sequence=old[name])
        yield from _loss(old[name], pair)


def _loss(sequence: Sequence, pair: Pair) -> Iterator[Found]:
    key = key_of(sequence.name)
    if _goes_with_its_column(sequence, pair) or pair.may_lose(key):
        return
    yield Question(
        kind=QuestionKind.LOSES,
        key=key,
        text=f"The sequence {key} is gone from the new schema: may its value be lost?",
        because="Where a sequence stands is in no table.",
        suggestions=(Suggestion(label=f"drop {key}", lines=f"[accept]\nloses = [{toml(key)}]"),),
    )


def _goes_with_its_column(sequence: Sequence, pair: Pair) -> bool:
    """Whether its column is dropped too, or goes on counting as an identity column."""
    if sequence.owned_by is None:
        return False
    table, name = sequence.owned_by
    name = pair.columns.get(table, {}).get(name, name)
    columns = [column for each in pair.new.tables if each.name == table for column in each.columns]
    return all(column.name != name or column.identity is not None for column in columns)
