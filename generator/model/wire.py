"""Values to JSON and back, strictly: ``from_json(type(x), to_json(x)) == x`` for every value of the model.

The form follows from the dataclasses alone: a value is an object with every one of its fields, a tuple an array, a set
a sorted array, an enum its value. Where a field may hold one of several dataclasses, the object also says which in
``is`` (``cannot_undo``). Nothing is guessed when reading: a field that is missing or unknown or of a wrong type is a
WireError.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

TAG = "is"
"""The key that tells the members of a union apart. No field may be called so."""


_PLAIN = frozenset((str, int, float, bool, NoneType))


class WireError(ValueError):
    """JSON of another form than it should have; the message begins with the path to the place (``plan.steps[3]``)."""


def tag(of: type) -> str:
    """The word for a dataclass in a union: ``CannotUndo`` is ``cannot_undo``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", of.__name__).lower()


@cache
def field_types(of: type) -> Mapping[str, Any]:
    """Field names to types of a dataclass, in order."""
    hints = get_type_hints(of)
    return {each.name: hints[each.name] for each in fields(of)}


def members(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, or the annotation alone."""
    return get_args(annotation) if get_origin(annotation) in (UnionType, Union) else (annotation,)


def tagged(annotation: Any) -> bool:
    """Whether an object under this annotation has to say which dataclass it is."""
    return sum(is_dataclass(member) for member in members(annotation)) > 1


def to_json(value: Any) -> Any:
    """The value as what ``json.dumps`` takes. Raises TypeError for what is no value of the model."""
    return _write(type(value), value)


def from_json(of: type[T], data: Any, path: str = "") -> T:
    """The value of type ``of`` that was written as ``data``. Raises WireError."""
    read: T = _read(of, data, path or of.__name__.lower())
    return read


def _write(annotation: Any, value: Any) -> Any:
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    if is_dataclass(kind):
        written = {name: _write(of, getattr(value, name)) for name, of in field_types(kind).items()}
        return {TAG: tag(_class(kind)), **written} if tagged(annotation) else written
    if isinstance(value, StrEnum):
        return value.value
    member = _member(annotation, value)
    if isinstance(value, tuple):
        return [_write(of, each) for of, each in zip(_item_types(member, len(value)), value, strict=True)]
    if isinstance(value, frozenset):
        return sorted(_write(get_args(member)[0], each) for each in value)
    if isinstance(value, Mapping):
        return {key: _write(get_args(member)[1], each) for key, each in sorted(value.items())}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _member(annotation: Any, value: Any) -> Any:
    """The member of a union that ``value``, a container, belongs to."""
    for member in members(annotation):
        if isinstance(value, get_origin(member) or member):
            return member
    raise TypeError(f"{type(value).__name__} where {annotation} is expected")


def _item_types(annotation: Any, length: int) -> tuple[Any, ...]:
    items = get_args(annotation)
    return (items[0],) * length if len(items) == 2 and items[1] is Ellipsis else items


def _read(annotation: Any, data: Any, path: str) -> Any:
    for member in members(annotation):
        if _fits(member, data, tagged(annotation)):
            return _read_member(member, data, path, tagged(annotation))
    raise WireError(f"{path}: expected {_expected(annotation)}, found {_shown(data)}")


def _fits(member: Any, data: Any, is_tagged: bool) -> bool:
    """Whether ``data`` has the outer shape of this member; what is inside is checked when it is read."""
    if member is NoneType:
        return data is None
    if member is float:
        return isinstance(data, int | float) and not isinstance(data, bool)
    if member in (bool, int):
        return type(data) is member
    if is_dataclass(member):
        return isinstance(data, dict) and (not is_tagged or data.get(TAG) == tag(_class(member)))
    if get_origin(member) in (tuple, frozenset):
        return isinstance(data, list)
    if get_origin(member) is Mapping:
        return isinstance(data, dict)
    return isinstance(data, str)


def _read_member(member: Any, data: Any, path: str, is_tagged: bool) -> Any:
    if is_dataclass(member):
        return _read_fields(_class(member), data, path, {TAG} if is_tagged else set())
    origin, arguments = get_origin(member), get_args(member)
    if origin is Mapping:
        return {key: _read(arguments[1], each, f"{path}.{key}") for key, each in data.items()}
    if origin is frozenset:
        return frozenset(_read(arguments[0], each, f"{path}[{at}]") for at, each in enumerate(data))
    if origin is tuple:
        items = _item_types(member, len(data))
        if len(items) != len(data):
            raise WireError(f"{path}: expected {len(items)} items, found {len(data)}")
        return tuple(_read(of, each, f"{path}[{at}]") for at, (of, each) in enumerate(zip(items, data, strict=True)))
    if isinstance(member, type) and issubclass(member, StrEnum):
        return _read_enum(member, data, path)
    return float(data) if member is float else data


def _read_fields(of: type, data: Mapping[str, Any], path: str, extra: set[str]) -> Any:
    types = field_types(of)
    for name in data:
        if name not in types and name not in extra:
            raise WireError(f"{path}: unknown field {name!r}")
    for name in types:
        if name not in data:
            raise WireError(f"{path}: the field {name!r} is missing")
    return of(**{name: _read(each, data[name], f"{path}.{name}") for name, each in types.items()})


def _read_enum(of: type[StrEnum], data: str, path: str) -> StrEnum:
    try:
        return of(data)
    except ValueError:
        raise WireError(f"{path}: expected one of {', '.join(of)}, found {_shown(data)}") from None


def _class(member: Any) -> type:
    assert isinstance(member, type)
    return member


def _expected(annotation: Any) -> str:
    names = {NoneType: "null", str: "a string", int: "an integer", float: "a number", bool: "true or false"}
    said = []
    for member in members(annotation):
        if is_dataclass(member) and tagged(annotation):
            said.append(f'an object with "{TAG}": "{tag(_class(member))}"')
        elif is_dataclass(member) or get_origin(member) is Mapping:
            said.append("an object")
        elif get_origin(member) in (tuple, frozenset):
            said.append("an array")
        else:
            said.append(names.get(member, "a string"))
    return " or ".join(said)


def _shown(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else text[:57] + "..."
