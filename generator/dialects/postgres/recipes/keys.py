"""Primary keys and unique constraints as they are made of an index: its definition, and what follows it."""

import re

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import columns
from generator.model.schema import PrimaryKey, QName, Unique
from generator.model.uses import included

Key = PrimaryKey | Unique


def index_body(key: Key) -> str:
    """The index that the server would make for the constraint, as pg_get_indexdef prints it."""
    more = included(key)
    nulls = " NULLS NOT DISTINCT" if isinstance(key, Unique) and key.nulls_not_distinct else ""
    return f"USING btree ({columns(key.columns)}){f' INCLUDE ({columns(more)})' if more else ''}{nulls}"


def deferrable(key: Key) -> str:
    """What follows the index in ADD CONSTRAINT."""
    found = re.search(r" DEFERRABLE.*$", key.definition)
    return found.group(0) if found else ""


def kind_of(key: Key) -> str:
    """The constraint's kind as SQL."""
    return "PRIMARY KEY" if isinstance(key, PrimaryKey) else "UNIQUE"


def is_key(table: QName, key: Key) -> str:
    """The table has the key, as it is wanted."""
    return probes.constraint_is(table, key.name, key.definition)
