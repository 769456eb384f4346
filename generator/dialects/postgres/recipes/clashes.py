"""Names that one thing of the new schema wants while another thing of the old one still has them.

Tables, indexes, keys and sequences share one set of names in a namespace. What goes is kept until cleanup, so that it
can come back, and what comes is made long before that.
"""

from collections.abc import Iterator

from generator.dialects.postgres.names import PREFIX, literal, qname
from generator.dialects.postgres.recipes.context import Context
from generator.model.answers import Refusal
from generator.model.schema import Check, ForeignKey, QName, Schema


def clashes(context: Context) -> Iterator[Refusal]:
    """A refusal for each name that passes from one thing to another, and for what another migration has left."""
    old, new = _owners(context.old, context), _owners(context.new, context)
    for name in sorted(old.keys() & new.keys()):
        if not old[name] & new[name]:
            yield Refusal(
                what=f"{name}: the name of {min(old[name])} becomes that of {min(new[name])}",
                because="the old one is kept until cleanup, and both would have the name at once",
                way_out="give the new one another name, or make it in a change after this one",
            )
    for left in sorted(_left(context.old)):
        yield Refusal(
            what=f"{left} is left of a migration that has not come to its end",
            because=f"names that begin with {PREFIX} are those of migrations, and may be wanted by this one",
            way_out="run the cleanup of that migration, or its rollback, or drop it, and plan again",
        )


def _owners(schema: Schema, context: Context) -> dict[QName, frozenset[str]]:
    """Who has each name, in words, any of which will do; what is renamed goes by its new name in both schemas."""
    owners: dict[QName, frozenset[str]] = {}

    def called(table: QName) -> QName:
        return context.renamed_tables.get(table, table) if schema is context.old else table

    for sequence in schema.sequences:
        number = f"nextval({literal(qname(sequence.name))}::regclass)"
        numbered = {
            f"the sequence of {called(table.name)}.{column.name}"
            for table in schema.tables
            for column in table.columns
            if column.default == number
        }
        namespace = sequence.name.schema if sequence.owned_by is None else called(sequence.owned_by[0]).schema
        owners[QName(namespace, sequence.name.name)] = frozenset({"a sequence", *numbered})
    for table in schema.tables:
        mine = called(table.name)
        owners[mine] = frozenset({f"the table {mine}"})
        for each in (*table.constraints, *table.indexes):
            if not isinstance(each, Check | ForeignKey):
                owners[QName(mine.schema, each.name)] = frozenset({f"an index of {mine}"})
        for column in table.columns:
            if column.identity is not None:
                name = QName(mine.schema, column.identity.sequence.name)
                owners[name] = frozenset({f"the sequence of {mine}.{column.name}"})
    return owners


def _left(schema: Schema) -> Iterator[str]:
    """Tables, columns, constraints, indexes and sequences that have a migration's own names."""
    for table in schema.tables:
        if table.name.name.startswith(PREFIX):
            yield str(table.name)
        for each in (*table.columns, *table.constraints, *table.indexes):
            if each.name.startswith(PREFIX):
                yield f"{each.name} of {table.name}"
    yield from (str(each.name) for each in schema.sequences if each.name.name.startswith(PREFIX))
