"""What a type is beside its name: two schemas may have a type of one name in two forms."""

from collections.abc import Iterator

from generator.dialects.postgres.names import qname
from generator.model.schema import Column, EnumType, Other, Schema

_TYPES = ("domain", "composite type", "range type")


def made_types(schema: Schema) -> Iterator[EnumType | Other]:
    """The types that the schema makes for itself."""
    yield from schema.enums
    yield from (each for each in schema.others if each.kind in _TYPES)


def form_of(schema: Schema, column: Column) -> str:
    """The type of a column with all that it is made of, as a text to be compared."""
    return _form(schema, column.type, frozenset())


def _form(schema: Schema, text: str, seen: frozenset[str]) -> str:
    parts = [text]
    for each in made_types(schema):
        name = qname(each.name) if isinstance(each, EnumType) else each.sql_name
        if name in text and name not in seen:
            made = " ".join(each.values) if isinstance(each, EnumType) else each.definition
            parts.append(_form(schema, made, seen | {name}))
    return " ".join(parts)
