"""Enum types."""

from generator.dialects.postgres.names import literal
from generator.load.drizzle.ddl.names import qualified
from generator.load.drizzle.entities import Enum


def create_enum(enum: Enum) -> str:
    """The statement that makes it."""
    return f"CREATE TYPE {qualified(enum.schema, enum.name)} AS ENUM ({', '.join(map(literal, enum.values))});\n"
