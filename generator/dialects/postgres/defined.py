"""Objects that are known by their definition: how one is made, dropped, and asked for by a script.

A definition is SQL which makes the object, as the catalog reader writes it (``catalog/others/*.sql``). Whether an
object is there, and is the one that is wanted, a script asks with the same query: so the text that is compared is made
in one place. What the reader puts together itself (a table's parameters) is asked for in the catalog directly.
"""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from generator.dialects.postgres import probes
from generator.dialects.postgres.defined_kinds import KINDS
from generator.dialects.postgres.hanging import or_replace
from generator.dialects.postgres.names import literal
from generator.model.schema import Other

_FOLDER = Path(__file__).parent / "catalog" / "others"

HANGS_ON = frozenset(
    (
        *("function", "procedure", "aggregate", "view", "materialized view", "foreign table", "operator", "cast"),
        *("domain", "composite type", "range type", "collation", "language", "access method", "conversion"),
        *("text search parser", "text search template", "text search dictionary", "text search configuration"),
    )
)
"""Kinds on which other objects hang, so that one is not simply dropped and made again."""

FUNCTION = "pg_temp.gm_definition"
"""The function which a script makes for itself where it asks for definitions."""


def is_there(other: Other) -> str:
    """SQL: the object is there, with exactly this definition."""
    kind = KINDS[other.kind]
    said, wanted = kind.reads(other) if kind.reads else (_asked(other), literal(other.definition))
    return f"coalesce({said} = {wanted if not kind.reads else literal(wanted)}, false)"


def is_gone(other: Other) -> str:
    """SQL: no such object is there, or it is as it is by default."""
    kind = KINDS[other.kind]
    if kind.reads is None:
        return f"({_asked(other)} IS NULL)"
    return probes.absent(is_there(other))


def make(other: Other) -> str:
    """The SQL that makes the object."""
    return KINDS[other.kind].make(other)


def replace(other: Other) -> str:
    """The SQL that makes the object in the place of the one that is there."""
    return or_replace(other) if other.kind in ("view", "aggregate") else make(other)


def alter(old: Other, new: Other) -> tuple[str, ...] | None:
    """The statements that make the second of the first where it stands; None where it has to be made anew."""
    kind = KINDS[new.kind]
    if kind.alter is not None:
        return kind.alter(old, new)
    if kind.replaces and kind.group != "routines":
        return (make(new),)
    return None


def drop(other: Other) -> str:
    """The SQL that takes the object away."""
    return KINDS[other.kind].drop(other)


def _asked(other: Other) -> str:
    return f"{FUNCTION}({literal(other.kind)}, {literal(other.sql_name)})"


def definition_function(texts: Iterable[str]) -> str:
    """The function that tells definitions of the kinds which ``texts`` ask for; empty where they ask for none."""
    asked = {kind for text in texts for kind in re.findall(rf"{re.escape(FUNCTION)}\('([^']+)'", text)}
    groups = sorted({KINDS[kind].group for kind in asked})
    if not groups:
        return ""
    queries = "\nUNION ALL\n".join(f'SELECT * FROM (\n{_query(group)}\n) AS "{group}"' for group in groups)
    return (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}(kind text, name text) RETURNS text\n"
        f"LANGUAGE sql STABLE AS $gm$\nSELECT definition FROM (\n{queries}\n)"
        ' AS found (kind, name, definition, schema, "table")\nWHERE found.kind = $1 AND found.name = $2\n$gm$'
    )


@cache
def _query(group: str) -> str:
    return (_FOLDER / f"{group}.sql").read_text(encoding="utf-8").strip().rstrip(";")
