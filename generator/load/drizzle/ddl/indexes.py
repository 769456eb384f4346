"""Indexes, of tables and of materialized views."""

from generator.dialects.postgres.names import ident
from generator.load.drizzle.ddl.names import qualified
from generator.load.drizzle.entities import Index, Table


def create_index(table: Table, index: Index) -> str:
    """The statement that makes it."""
    text = (
        f"CREATE {'UNIQUE INDEX' if index.unique else 'INDEX'} {ident(index.name)}"
        f" ON {qualified(table.schema, table.name)} USING {index.method} ({', '.join(index.keys)})"
    )
    if index.options:
        text += f" WITH ({index.options})"
    if index.where:
        text += f" WHERE {index.where}"
    return text + ";\n"
