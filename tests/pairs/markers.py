"""Schemas whose texts name columns by markers, so that a column is renamed in one place.

In a definition, a body, a check or an expression ``⟦name⟧`` is the column of that name of the same table.
A foreign key's ``definition`` is only what comes after the columns referenced.
"""

import re
from dataclasses import replace

from generator.dialects.postgres.names import columns, ident, qname
from generator.model.schema import ForeignKey, Schema, Table

_MARKED = re.compile("⟦(.*?)⟧", re.DOTALL)


def mark(name: str) -> str:
    """The marker of a column."""
    return f"⟦{name}⟧"


def marked(names: tuple[str, ...]) -> str:
    """A list of markers."""
    return ", ".join(mark(name) for name in names)


def written(schema: Schema) -> Schema:
    """The schema with every marker replaced by the name as SQL."""
    return replace(schema, tables=tuple(_table(table) for table in schema.tables))


def _text(text: str) -> str:
    return _MARKED.sub(lambda found: ident(found[1]), text)


def _table(table: Table) -> Table:
    return replace(
        table,
        columns=tuple(
            replace(each, generated=replace(each.generated, expression=_text(each.generated.expression)))
            if each.generated
            else each
            for each in table.columns
        ),
        primary_key=replace(table.primary_key, definition=_text(table.primary_key.definition))
        if table.primary_key
        else None,
        uniques=tuple(replace(each, definition=_text(each.definition)) for each in table.uniques),
        checks=tuple(replace(each, definition=_text(each.definition)) for each in table.checks),
        exclusions=tuple(replace(each, definition=_text(each.definition)) for each in table.exclusions),
        indexes=tuple(replace(each, body=_text(each.body)) for each in table.indexes),
        foreign_keys=tuple(_foreign_key(each) for each in table.foreign_keys),
    )


def _foreign_key(key: ForeignKey) -> ForeignKey:
    pairs = f"({columns(key.columns)}) REFERENCES {qname(key.references)} ({columns(key.referenced_columns)})"
    return replace(key, definition=f"FOREIGN KEY {pairs}{_text(key.definition)}")


def renamed(text: str, old: str, new: str) -> str:
    """The text with one column's marker replaced by another's."""
    return text.replace(mark(old), mark(new))
