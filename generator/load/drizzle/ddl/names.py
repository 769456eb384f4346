"""Names as the DDL of a snapshot has them: always with their schema."""

from generator.dialects.postgres.names import columns, ident


def qualified(schema: str, name: str) -> str:
    """The name with its schema, as SQL."""
    return f"{ident(schema)}.{ident(name)}"


def listed(names: tuple[str, ...]) -> str:
    """A list of columns in its parentheses."""
    return f"({columns(names)})"


def constraint(name: str) -> str:
    """How a constraint begins; nothing where PostgreSQL gives it its name."""
    return f"CONSTRAINT {ident(name)} " if name else ""
