"""JSON Schemas of the values, in the form in which ``wire`` writes them: made from the same dataclasses.

The files in ``schemas/`` are made from these; a test holds that they are up to date.
"""

import inspect
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin

from generator.model.wire import TAG, field_types, members, tag, tagged

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def describe(of: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a type; what it refers to is added to ``definitions`` (the document's ``$defs``)."""
    options = [_member(member, definitions, is_tagged=tagged(of)) for member in members(of)]
    return options[0] if len(options) == 1 else {"anyOf": options}


def _member(of: Any, definitions: dict[str, Any], *, is_tagged: bool) -> dict[str, Any]:
    if of in _PLAIN:
        return {"type": _PLAIN[of]}
    if is_dataclass(of) or (isinstance(of, type) and issubclass(of, StrEnum)):
        return _named(of, definitions, is_tagged=is_tagged)
    origin, arguments = get_origin(of), get_args(of)
    if origin is Mapping:
        return {"type": "object", "additionalProperties": describe(arguments[1], definitions)}
    if origin is frozenset:
        return {"type": "array", "items": describe(arguments[0], definitions), "uniqueItems": True}
    if arguments[-1] is Ellipsis:
        return {"type": "array", "items": describe(arguments[0], definitions)}
    items = [describe(each, definitions) for each in arguments]
    return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}


def _named(of: Any, definitions: dict[str, Any], *, is_tagged: bool) -> dict[str, Any]:
    name = of.__name__
    if name not in definitions:
        definitions[name] = {}
        definitions[name] = _enum(of) if not is_dataclass(of) else _object(of, definitions, is_tagged=is_tagged)
    return {"$ref": f"#/$defs/{name}"}


def _enum(of: Any) -> dict[str, Any]:
    return {"description": inspect.getdoc(of), "enum": [each.value for each in of]}


def _object(of: Any, definitions: dict[str, Any], *, is_tagged: bool) -> dict[str, Any]:
    fields = {name: describe(each, definitions) for name, each in field_types(of).items()}
    properties = {TAG: {"const": tag(of)}, **fields} if is_tagged else fields
    return {
        "description": inspect.getdoc(of),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
