"""What the server knows of extensions that change: ways between versions, whether they can move, who uses them."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict

from generator.dialects.postgres.split import split
from generator.model.change import Change, ExtensionChanged
from generator.model.declared import Declared
from generator.model.schema import Schema
from generator.model.words import folded

if TYPE_CHECKING:
    from psycopg import Connection

_PATHS = "SELECT source, target FROM pg_extension_update_paths(%s) WHERE path IS NOT NULL"
_MOVES = "SELECT extrelocatable FROM pg_extension WHERE extname = %s"
_USERS = """
WITH members AS (
    SELECT d.classid, d.objid FROM pg_depend AS d JOIN pg_extension AS x ON x.oid = d.refobjid
    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND x.extname = %s
), mine AS (  -- with what the server made for them: types of arrays
    SELECT classid, objid FROM members
    UNION SELECT d.classid, d.objid FROM pg_depend AS d
    JOIN members AS m ON (d.refclassid, d.refobjid) = (m.classid, m.objid) WHERE d.deptype = 'i'
)
SELECT DISTINCT pg_describe_object(d.classid, d.objid, d.objsubid)
FROM pg_depend AS d JOIN mine ON (d.refclassid, d.refobjid) = (mine.classid, mine.objid)
WHERE d.deptype IN ('n', 'a') AND (d.classid, d.objid) NOT IN (SELECT classid, objid FROM mine)
  AND d.classid NOT IN ('pg_amop'::regclass, 'pg_amproc'::regclass)  -- parts of operator families
ORDER BY 1
"""


_NAMED = re.compile(
    r'create\s+extension\s+(?:if\s+not\s+exists\s+)?("(?:[^"]|"")+"|\w+)\s.*?\bversion\b|'
    r'alter\s+extension\s+("(?:[^"]|"")+"|\w+)\s+update\s+to\b',
    re.IGNORECASE | re.DOTALL,
)


def with_named_versions(schema: Schema, declared: Declared) -> Schema:
    """The schema, in which an extension whose version the source names is installed in just that version."""
    texts = [each for unit in declared.units for each in (unit.sql, unit.late) if "extension" in each.lower()]
    found = (_NAMED.match(piece.sql) for text in texts for piece in split(text))
    named = {folded(match[1] or match[2]) for match in found if match}
    extensions = (replace(each, usual=each.usual and each.name not in named) for each in schema.extensions)
    return replace(schema, extensions=tuple(extensions))


class ExtensionFacts(TypedDict):
    """Fields of ``Facts``."""

    extension_paths: frozenset[tuple[str, str, str]]
    extension_users: dict[str, tuple[str, ...]]
    relocatable: frozenset[str]


def extension_facts(connection: "Connection[tuple[Any, ...]]", changes: Iterable[Change]) -> ExtensionFacts:
    """As the database tells them which holds the old schema."""
    changed = [each for each in changes if isinstance(each, ExtensionChanged)]
    moved = [each.new.name for each in changed if each.old.schema != each.new.schema]

    def asked(query: str, name: str) -> list[tuple[Any, ...]]:
        return connection.execute(query.encode(), [name]).fetchall()

    return ExtensionFacts(
        extension_paths=frozenset(
            (each.new.name, source, target) for each in changed for source, target in asked(_PATHS, each.new.name)
        ),
        extension_users={name: tuple(said for (said,) in asked(_USERS, name)) for name in moved},
        relocatable=frozenset(name for name in moved for (moves,) in asked(_MOVES, name) if moves),
    )
