"""Foreign keys, which come once all tables are there."""

from generator.load.drizzle.ddl.names import constraint, listed, qualified
from generator.load.drizzle.entities import ForeignKey, Table


def add_foreign_key(table: Table, key: ForeignKey) -> str:
    """The statement that adds it."""
    text = (
        f"ALTER TABLE {qualified(table.schema, table.name)} ADD {constraint(key.name)}FOREIGN KEY {listed(key.columns)}"
        f" REFERENCES {qualified(key.schema_to, key.table_to)} {listed(key.columns_to)}"
    )
    if key.on_delete:
        text += f" ON DELETE {key.on_delete}"
    if key.on_update:
        text += f" ON UPDATE {key.on_update}"
    return text + ";\n"
