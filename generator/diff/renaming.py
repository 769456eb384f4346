"""What a new name of a table or sequence does to all that speaks of it: PostgreSQL keeps references by identity."""

import re
from dataclasses import replace

from generator.model.schema import Column, ForeignKey, Other, QName, Schema, Sequence, Table
from generator.model.words import quoted


def rename_table(schema: Schema, old: QName, new: QName) -> Schema:
    """The schema with the table under its new name; foreign keys, owned sequences and other objects follow.

    What belongs to the table moves with it into another namespace; nothing else changes its name.
    """
    table = schema.table(old)
    if old.schema != new.schema:
        for sequence in _sequences_of(schema, table):
            schema = rename_sequence(schema, sequence, QName(new.schema, sequence.name))
        table = schema.table(old)
    tables = [each for each in schema.tables if each.name != old] + [replace(table, name=new)]
    return replace(
        schema,
        tables=tuple(sorted((_follow(each, old, new) for each in tables), key=lambda each: each.name)),
        sequences=tuple(
            replace(each, owned_by=(new, each.owned_by[1])) if each.owned_by and each.owned_by[0] == old else each
            for each in schema.sequences
        ),
        others=tuple(sorted((_other(other, old, new) for other in schema.others), key=_order)),
    )


def _sequences_of(schema: Schema, table: Table) -> list[QName]:
    own = [each.name for each in schema.sequences if each.owned_by is not None and each.owned_by[0] == table.name]
    return own + [column.identity.sequence for column in table.columns if column.identity is not None]


def _order(other: Other) -> tuple[str, str, QName, str]:
    return other.kind, other.name, other.table or QName("", ""), other.definition


def _follow(table: Table, old: QName, new: QName) -> Table:
    """Its foreign keys, pointing to the new name."""

    def follow(key: ForeignKey) -> ForeignKey:
        if key.references != old:
            return key
        return replace(key, references=new, definition=renamed_in(key.definition, old, new))

    place = table.partition_of
    if place is not None and place.parent == old:
        place = replace(place, parent=new, holds=renamed_in(place.holds, old, new))
    return replace(
        table,
        foreign_keys=tuple(follow(key) for key in table.foreign_keys),
        partition_of=place,
        inherits=tuple(new if each == old else each for each in table.inherits),
    )


def _other(other: Other, old: QName, new: QName) -> Other:
    name = other.name
    if other.table == old:
        name = re.sub(rf"(?<![\w.\"]){re.escape(str(old))}(?![\w\"])", lambda _: str(new), name)
    return replace(
        other,
        name=name,
        definition=renamed_in(other.definition, old, new),
        sql_name=renamed_in(other.sql_name, old, new),
        table=new if other.table == old else other.table,
    )


def rename_sequence(schema: Schema, old: QName, new: QName) -> Schema:
    """The schema with the sequence (also one behind an identity column) under its new name; defaults follow."""

    def column(each: Column) -> Column:
        if each.identity is not None and each.identity.sequence == old:
            return replace(each, identity=replace(each.identity, sequence=new))
        if each.default is not None:
            return replace(each, default=renamed_in(each.default, old, new))
        return each

    def sequence(each: Sequence) -> Sequence:
        return replace(each, name=new) if each.name == old else each

    return replace(
        schema,
        sequences=tuple(sorted((sequence(each) for each in schema.sequences), key=lambda each: each.name)),
        tables=tuple(replace(table, columns=tuple(column(each) for each in table.columns)) for table in schema.tables),
    )


def renamed_in(text: str, old: QName, new: QName) -> str:
    """SQL text of the server's, in which every name is qualified, with one name in place of another."""
    doubled = [(part, part.replace('"', '""')) for part in (old.schema, old.name)]
    parts = r"\.".join(f'(?:"{re.escape(inside)}"|{re.escape(part)})' for part, inside in doubled)
    return re.sub(rf'(?<![\w$".]){parts}(?![\w$"])', lambda _: f"{quoted(new.schema)}.{quoted(new.name)}", text)
