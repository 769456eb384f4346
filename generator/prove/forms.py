"""What a type is beside its name: two schemas may have a type of one name in two forms."""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres.names import qname
from generator.diff.domains import domains_over, read_domain
from generator.diff.replaced import uses
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


def with_required_domains(schema: Schema) -> Schema:
    """The schema with NOT NULL on every column of a domain that is NOT NULL: no row can be without a value there."""
    names = [
        name
        for other in schema.others
        if other.kind == "domain" and read_domain(other).required
        for name in domains_over(read_domain(other).name, schema)
    ]
    if not names:
        return schema

    def required(column: Column) -> Column:
        of_it = not column.type.endswith("[]") and any(uses(column.type, name) for name in names)
        return replace(column, nullable=False) if of_it else column

    tables = (replace(table, columns=tuple(required(each) for each in table.columns)) for table in schema.tables)
    return replace(schema, tables=tuple(tables))
