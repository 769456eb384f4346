"""Statements that name an owner, as a source writes them: which object it is, the scratch server itself is asked.

An object is given to its owner only where both sides name another one, which is not known yet while a side is being
declared. So such a statement is not run. In its place, where it counts, stands a block that sends word of the object
by its number: what it is called in the end, and whether it is still there, is looked up afterwards.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import literal
from generator.dialects.postgres.split import Piece
from generator.model.words import folded

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_KIND = (
    r"materialized\s+view|foreign\s+table|foreign\s+data\s+wrapper|event\s+trigger|text\s+search\s+\w+"
    r"|operator\s+(?:class|family)|procedural\s+language|large\s+object|[a-z]+"
)
_ALTER = re.compile(
    rf"alter\s+(?P<kind>{_KIND})\s+(?:if\s+exists\s+)?(?:only\s+)?(?P<name>\S.*?)\s+owner\s+to\s+(?P<role>{_NAME})",
    re.IGNORECASE | re.DOTALL,
)
_SCHEMA = re.compile(
    rf"create\s+schema\s+(?:if\s+not\s+exists\s+)?(?P<name>{_NAME}\s+)?authorization\s+(?P<role>{_NAME})(?:\s.*)?",
    re.IGNORECASE | re.DOTALL,
)
_ABOUT = re.compile(r"\bowner\s+to\b|\bauthorization\b|\bset\s+role\b", re.IGNORECASE)
_NOT_RUN = re.compile(
    r"""alter\s.*\sowner\s+to\s+("([^"]|"")+"|\S+)"""
    r"""|(set|reset)\s+((local|session)\s+)?(session\s+authorization|role)\b.*""",
    re.IGNORECASE | re.DOTALL,
)
_SESSION = ("current_user", "current_role", "session_user")
_RELATIONS = ("table", "view", "materialized view", "sequence", "foreign table")
_OUTSIDE = ("database", "tablespace", "large object", "subscription")
"""Kinds which are the server's, hold rows, or are not written at all."""

_MARK = "_gm_owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """A statement that names the owner of an object, by the words of SQL; ``role`` is folded, and bare."""

    kind: str
    name: str
    role: str

    @property
    def key(self) -> str:
        """The same for statements on the same object, where they write its name alike."""
        folded = re.sub(
            r'"(?:[^"]|"")*"|[^"]+', lambda part: part[0] if part[0][0] == '"' else part[0].lower(), self.name
        )
        return f"{'relation' if self.kind in _RELATIONS else self.kind} {' '.join(folded.split())}"


def may_name(sql: str) -> bool:
    """Whether a text may hold such statements: cheaply asked."""
    return bool(_ABOUT.search(sql))


def naming(statement: str) -> Naming | None:
    """Whose owner a statement names, and which; None where it names none."""
    altered = _ALTER.fullmatch(statement)
    created = _SCHEMA.fullmatch(statement) if altered is None else None
    found = altered or created
    if found is None or found["role"].lower() in _SESSION:
        return None
    kind = " ".join(found["kind"].lower().split()) if altered else "schema"
    if kind in _OUTSIDE:
        return None
    return Naming(kind=kind, name=(found["name"] or found["role"]).strip(), role=folded(found["role"]))


@dataclass(slots=True)
class NamedOwners:
    """Owners that one side names. ``wanted`` are the keys of the statements that count; ``found`` gives the last role
    by the object's numbers: of its catalog, and in it."""

    wanted: frozenset[str] = frozenset()
    found: dict[tuple[int, int], str] = field(default_factory=dict)

    def instead(self, piece: Piece) -> str | None:
        """What is run in the place of a statement, on as many lines; None where it is run as it is."""
        not_run = bool(_NOT_RUN.fullmatch(piece.sql))
        named = naming(piece.sql) if self.wanted else None
        noted = _note(named) if named is not None and named.key in self.wanted else ""
        if not_run:
            return noted + "\n" * (piece.sql.count("\n") - noted.count("\n")) if noted else _blank(piece.sql)
        return f"{piece.sql}; {noted}" if noted else None

    def hear(self, notice: "Diagnostic") -> None:
        """Keep what a block has sent."""
        if notice.message_primary == _MARK and notice.message_detail:
            catalog, number, role = notice.message_detail.split(" ", 2)
            self.found[int(catalog), int(number)] = role


def _blank(sql: str) -> str:
    return re.sub(r"[^\n]", " ", sql)


def _note(named: Naming) -> str:
    """A block on one line that sends word of the object; nothing where there is none.

    A relation is found by its name, as ALTER TABLE takes any of them. Of anything else the server knows best what is
    meant: a comment is put on it, looked for, and taken back.
    """
    role = literal(named.role)
    name = " ".join(named.name.split())
    if named.kind in _RELATIONS:
        row = f"pg_catalog.to_regclass({literal(name)})"
        look = f"gm_said := 'pg_catalog.pg_class'::pg_catalog.regclass::oid || ' ' || {row}::oid;"
    else:
        look = (
            f"BEGIN COMMENT ON {named.kind} {name} IS '{_MARK}'; SELECT classoid || ' ' || objoid INTO gm_said"
            f" FROM pg_catalog.pg_description WHERE description = '{_MARK}';"
            " RAISE SQLSTATE 'GM001'; EXCEPTION WHEN OTHERS THEN NULL; END;"
        )
    return (
        f"DO $_gm_$DECLARE gm_said text; BEGIN {look} IF gm_said IS NOT NULL THEN"
        f" RAISE INFO USING MESSAGE = '{_MARK}', DETAIL = gm_said || ' ' || {role}; END IF; END$_gm_$"
    )


def read_named(named: NamedOwners, connection: Any) -> list[tuple[str, str, str, str | None, str | None]]:
    """Kind, name, role and (of a relation) namespace and name of each object that is there, as the catalog calls it.

    A sequence that belongs to a column follows its table, and what belongs to an extension follows that.
    """
    if not named.found:
        return []
    classes, numbers = zip(*named.found, strict=True)
    rows: list[tuple[str, str, str, str | None, str | None]] = connection.execute(
        _READ, (list(classes), list(numbers), list(named.found.values()))
    ).fetchall()
    return rows


_READ = """
SELECT i.type, i.identity, o.role, n.nspname, c.relname
FROM unnest(%s::oid[], %s::oid[], %s::text[]) AS o (class, number, role)
CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.class, o.number, 0) AS i
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = o.number AND c.relkind <> 'S'
    AND o.class = 'pg_catalog.pg_class'::regclass
LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE i.identity IS NOT NULL
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d WHERE d.classid = o.class AND d.objid = o.number
                  AND (d.deptype = 'e' OR (d.deptype IN ('a', 'i') AND d.refobjsubid > 0
                       AND o.class = 'pg_catalog.pg_class'::regclass)))
ORDER BY 1, 2
"""
