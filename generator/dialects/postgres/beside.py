"""Types that are replaced: the new one is made beside the old one under another name, and takes its name at contract.

Until then everything that the plan makes has to speak of the new type by the name that it has meanwhile.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from generator.dialects.postgres.names import aside, literal, qname
from generator.diff.composites import Attribute, attributes_of
from generator.diff.replaced import name_of
from generator.model.change import Change, TypeReplaced
from generator.model.schema import EnumType, Other, QName

T = TypeVar("T")

_SQL = frozenset({"type", "default", "expression", "definition", "body", "sql_name"})
"""The fields of a schema's values that hold SQL text of the server's, in which every name is qualified."""

_BODY = re.compile(r"\nAS \$|\n BEGIN ATOMIC|\nRETURN ")


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What is replaced in a plan; with nothing replaced every text stays as it is."""

    changes: tuple[TypeReplaced, ...] = ()

    @cached_property
    def names(self) -> Mapping[QName, QName]:
        """By each type's name the one that the new type has until contract."""
        return {name: new_name(name) for change in self.changes for name in [name_of(change)]}

    def staged(self, value: T) -> T:
        """A schema, or what is part of one, as it is made before contract: by the names that the new types have."""
        return self._staged(value) if self.changes else value

    def change(self, change: Change) -> Change:
        """A change with what it makes staged; what it takes away is as it was."""
        if not self.changes or isinstance(change, TypeReplaced) or type(change).__name__.endswith("Dropped"):
            return change
        made = {each.name: self._staged(getattr(change, each.name)) for each in fields(change) if each.name != "old"}
        return replace(change, **made)

    def text(self, text: str) -> str:
        """SQL text with the new types by the names that they have until contract."""
        return _exchanged(text, {qname(name): qname(beside) for name, beside in self.names.items()})

    def settled(self, text: str) -> str:
        """Text that was staged, as it has to be once the names have changed places."""
        names = {qname(name): qname(old_name(name)) for name in self.names}
        return _exchanged(text, {**names, **{qname(new_name(name)): qname(name) for name in self.names}})

    def kept(self, text: str) -> str:
        """SQL text with the old types by the names that they have from contract to cleanup."""
        return _exchanged(text, {qname(name): qname(old_name(name)) for name in self.names})

    def said(self, text: str) -> str:
        """Staged text for people, who know the type by its own name only."""
        return _exchanged(text, {qname(new_name(name)): qname(name) for name in self.names})

    def of(self, type_text: str) -> TypeReplaced | None:
        """The change by which the type (or that of an array's elements) is replaced; ``type_text`` may be staged."""
        bare = self.said(type_text.removesuffix("[]"))
        return next((change for change in self.changes if qname(name_of(change)) == bare), None)

    def through(self, column: str, old: str, new: str, *, back: bool) -> str | None:
        """SQL that makes a value of one form into one of the other; None where the types are no two forms of one type.

        ``old`` and ``new`` are the types from and to which it leads, one of them staged.
        """
        change = self.of(old)
        if change is None or change is not self.of(new) or old.endswith("[]") != new.endswith("[]"):
            return None
        if isinstance(change.new, Other) and change.new.kind == "composite type":
            return self._rows(change, column, old, new, back=back)
        pairs = tuple(_back(change)) if back else change.values
        if old.endswith("[]"):
            text = f"({column})::text[]"
            for one, other in pairs:
                text = f"array_replace({text}, {literal(one)}, {literal(other)})"
            return f"({text})::{new}"
        text = f"({column})::text"
        if pairs:
            cases = " ".join(f"WHEN {literal(one)} THEN {literal(other)}" for one, other in pairs)
            text = f"(CASE {text} {cases} ELSE {text} END)"
        return f"{text}::{new}"

    def _rows(self, change: TypeReplaced, column: str, old: str, new: str, *, back: bool) -> str:
        """Attribute by attribute, each by its name; an attribute that only the new form has is NULL."""
        assert isinstance(change.old, Other)
        assert isinstance(change.new, Other)
        before, after = attributes_of(change.old), attributes_of(self._staged(change.new))
        names = {target: name for name, target in change.values}
        if back:
            before, after, names = after, before, dict(change.values)
        there = {each.name: each for each in before}
        element = f"(({column})[gm_place])" if old.endswith("[]") else f"({column})"
        values = []
        for each in after:
            source = there.get(names.get(each.name, each.name))
            values.append("NULL" if source is None else self._attribute(f"{element}.{source.name}", source, each, back))
        row = f"CASE WHEN {element}::text IS NOT NULL THEN ROW({', '.join(values)})::{new.removesuffix('[]')} END"
        if not old.endswith("[]"):
            return row
        places = f"generate_subscripts({column}, 1) AS gm_place"
        return f"CASE WHEN {column} IS NOT NULL THEN ARRAY(SELECT {row} FROM {places} ORDER BY gm_place)::{new} END"

    def _attribute(self, value: str, old: Attribute, new: Attribute, back: bool) -> str:
        if old.type == new.type:
            return value
        return self.through(value, old.type, new.type, back=back) or f"({value})::{new.type.split(' COLLATE ')[0]}"

    def lost_values(self, old: str, new: str) -> tuple[str, ...] | None:
        """The values of an enum's old form that have no place in the new one; None where this is no such pair."""
        change = self.of(old)
        if change is None or change is not self.of(new) or not isinstance(change.old, EnumType):
            return None
        assert isinstance(change.new, EnumType)
        kept = {*change.new.values, *dict(change.values)}
        return tuple(value for value in change.old.values if value not in kept)

    def _staged(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(self._staged(each) for each in value)
        if not is_dataclass(value) or isinstance(value, QName):
            return value
        if isinstance(value, EnumType):
            return replace(value, name=self.names.get(value.name, value.name))
        found = {}
        for each in fields(value):
            inner = getattr(value, each.name)
            if isinstance(inner, str) and each.name in _SQL:
                found[each.name] = self._sql(value, inner)
            elif isinstance(inner, tuple) or is_dataclass(inner):
                found[each.name] = self._staged(inner)
        return replace(value, **found)  # type: ignore[type-var]

    def _sql(self, owner: Any, text: str) -> str:
        """The body of a function is its owner's own text, and finds its types when it runs."""
        if isinstance(owner, Other) and owner.kind in ("function", "procedure"):
            start = _BODY.search(text)
            if start is not None:
                return self.text(text[: start.start()]) + text[start.start() :]
        return self.text(text)


def carried_labels(changes: Iterable[Change]) -> Mapping[str, tuple[str, ...]]:
    """The values of replaced enums that have a place in the new one, by the type as columns name it."""
    types = Beside(changes=tuple(each for each in changes if isinstance(each, TypeReplaced)))
    found = {}
    for change in types.changes:
        if isinstance(change.old, EnumType):
            type_text = qname(name_of(change))
            lost = types.lost_values(type_text, type_text) or ()
            found[type_text] = tuple(value for value in change.old.values if value not in lost)
    return found


def new_name(name: QName) -> QName:
    """The name of the new type until contract."""
    return QName(name.schema, aside(name.name, "new"))


def old_name(name: QName) -> QName:
    """The name of the old type from contract to cleanup."""
    return QName(name.schema, aside(name.name, "dropped"))


def _back(change: TypeReplaced) -> Iterator[tuple[str, str]]:
    """What was renamed is called by its old value again; what was merged into a value that stays is not."""
    seen: set[str] = set()
    for old, new in change.values:
        if isinstance(change.old, EnumType) and new not in change.old.values and new not in seen:
            seen.add(new)
            yield new, old


def _exchanged(text: str, names: Mapping[str, str]) -> str:
    """The text with some qualified names in place of others, all at once, and not inside of strings."""
    if not names or not any(name in text for name in names):
        return text
    longest = sorted(names, key=len, reverse=True)
    pattern = rf"'(?:[^']|'')*'|(?<![\w$\".])(?:{'|'.join(map(re.escape, longest))})(?![\w$\"(.])"
    return re.sub(pattern, lambda found: names.get(found.group(), found.group()), text)
