"""Composite types: what becomes of each attribute when a type has others than it had."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.diff.found import Found
from generator.diff.keys import means, parts_of, toml
from generator.diff.pair import Pair
from generator.diff.replaced import type_name, uses
from generator.model.answers import Question, QuestionKind, Suggestion, key_of
from generator.model.change import TypeReplaced
from generator.model.schema import Other, QName, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """``name`` is SQL; ``type`` has its collation with it, where that is not the type's own."""

    name: str
    type: str


def attributes_of(other: Other) -> tuple[Attribute, ...]:
    """The attributes that a composite type's definition names, in their order."""
    inside = other.definition[other.definition.index(" AS (") + 5 : -1]
    found = []
    depth, quoted, start = 0, False, 0
    for place, letter in enumerate(f"{inside},"):
        if letter == '"':
            quoted = not quoted
        elif not quoted and letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and not quoted and depth == 0:
            found.append(inside[start:place].strip())
            start = place + 1
    return tuple(_attribute(text) for text in found if text)


def _attribute(text: str) -> Attribute:
    end = text.index('" ', 1) + 1 if text.startswith('"') else text.index(" ")
    return Attribute(name=text[:end], type=text[end + 1 :])


def replace_composite(old: Other, new: Other, pair: Pair) -> Iterator[Found]:
    """PostgreSQL does not alter a type that a table's column is of: a new one takes its place."""
    before, after = ([each.name for each in attributes_of(side)] for side in (old, new))
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    renamed = _renamed(type_name(new), gone, come, pair)
    lost = [name for name in gone if name not in renamed]
    free = [name for name in come if name not in renamed.values()]
    columns = tuple(_columns(type_name(new), pair.new))
    for name in lost:
        yield from _question(type_name(new), name, free, columns, pair)
    yield TypeReplaced(old=old, new=new, values=tuple(sorted(renamed.items())))


def _renamed(type_: QName, gone: list[str], come: list[str], pair: Pair) -> Mapping[str, str]:
    """What the answers say: ``[rename]`` with the type's name before the attribute's."""
    targets = {
        name: parts_of(target)[-1:]
        for name in gone
        for written, target in pair.answers.renames.items()
        if means(f"{key_of(type_)}.{name}", (written,))
    }
    return {name: each for name, target in targets.items() for each in come if parts_of(each) == target}


def _columns(type_: QName, schema: Schema) -> Iterator[str]:
    """The keys of the columns that hold the type, also inside of others."""
    names = [type_]
    for name in names:
        for other in schema.others:
            if other.kind in ("composite type", "domain") and uses(other.definition, name):
                names += [type_name(other)] if type_name(other) not in names else []
    for table in schema.tables:
        for column in table.columns:
            if any(uses(column.type, name) for name in names):
                yield key_of(table.name, column.name)


def _question(type_: QName, name: str, come: list[str], columns: tuple[str, ...], pair: Pair) -> Iterator[Found]:
    key = f"{key_of(type_)}.{name}"
    apart = [each for each in come if not pair.keeps_apart(key, f"{key_of(type_)}.{each}")]
    open_ = [column for column in columns if not pair.may_lose(column)]
    if not columns or not (open_ or apart):
        return
    loses = f"[accept]\nloses = [{', '.join(map(toml, columns))}]"
    kept = ", ".join(toml(f"{key_of(type_)}.{each}") for each in apart)
    suggestions = [
        Suggestion(
            label=f"{name} was renamed to {each}", lines=f"[rename]\n{toml(key)} = {toml(f'{key_of(type_)}.{each}')}"
        )
        for each in apart
    ]
    suggestions.append(
        Suggestion(
            label=f"{name} and what it holds in {', '.join(columns)} may go",
            lines=f"[apart]\n{toml(key)} = [{kept}]\n\n{loses}" if apart else loses,
        )
    )
    yield Question(
        kind=QuestionKind.RENAME if apart else QuestionKind.LOSES,
        key=key,
        text=f"The attribute {name} of the type {type_} is gone"
        + (
            f", and new: {', '.join(apart)}. Was it renamed?"
            if apart
            else f": may its values in {', '.join(columns)} go?"
        ),
        because="Only you know whether what it holds is wanted.",
        suggestions=tuple(suggestions),
    )


def is_attribute(key: str, schema: Schema) -> bool:
    """Whether an answer's key names an attribute of a composite type."""
    parts = parts_of(key)
    owner = QName("public", parts[0]) if len(parts) == 2 else QName(*parts[:2]) if len(parts) == 3 else None
    return any(type_name(each) == owner for each in schema.others if each.kind == "composite type")
