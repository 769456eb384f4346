"""Tables with their columns, keys and checks."""

from collections.abc import Iterator

from generator.dialects.postgres.names import ident
from generator.load.drizzle.ddl.names import constraint, listed, qualified
from generator.load.drizzle.ddl.sequences import identity_clause
from generator.load.drizzle.entities import Column, Key, Table


def create_table(table: Table) -> str:
    """The statements that make it, without its indexes, foreign keys and policies."""
    name = qualified(table.schema, table.name)
    inside = ",\n    ".join((*map(_column, table.columns), *_constraints(table)))
    text = f"CREATE TABLE {name} (\n    {inside}\n);\n"
    if table.row_security:
        text += f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;\n"
    return text


def _column(column: Column) -> str:
    text = f"{ident(column.name)} {column.type}"
    if column.default:
        text += f" DEFAULT {column.default}"
    if column.generated:
        text += f" GENERATED ALWAYS AS ({column.generated}) STORED"
    if column.not_null and column.identity is None:
        text += " NOT NULL"
    return text + (identity_clause(column.identity) if column.identity else "")


def _constraints(table: Table) -> Iterator[str]:
    if table.primary_key:
        yield _key(table.primary_key, "PRIMARY KEY")
    for unique in table.uniques:
        yield _key(unique, "UNIQUE NULLS NOT DISTINCT" if unique.nulls_not_distinct else "UNIQUE")
    for check in table.checks:
        yield f"{constraint(check.name)}CHECK ({check.expression})"


def _key(key: Key, words: str) -> str:
    return f"{constraint(key.name)}{words} {listed(key.columns)}"
