"""Objects that are known by their definition: how each kind is made, dropped and asked for.

A definition is SQL which makes the object, as the catalog reader writes it (``catalog/others/*.sql``). Whether an
object is there, and is the one that is wanted, a script asks with the same query: so the text that is compared is made
in one place. What the reader puts together itself (a table's parameters) is asked for in the catalog directly.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import ident, literal, qname
from generator.model.schema import Other, QName

_FOLDER = Path(__file__).parent / "catalog" / "others"

FUNCTION = "pg_temp.gm_definition"
"""The function which a script makes for itself where it asks for definitions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedKind:
    """One kind. ``group`` is the query that reads it, empty where ``reads`` asks the catalog itself.

    ``drop`` gives the SQL that takes the object away, ``make`` the SQL that makes it; ``replaces`` is set where making
    it again replaces it.
    ``reads`` gives what the catalog says of the object, as SQL, and what that is when it is there.
    """

    group: str = ""
    drop: Callable[[Other], str]
    make: Callable[[Other], str] = lambda other: other.definition
    replaces: bool = False
    reads: Callable[[Other], tuple[str, str]] | None = None


def _drop(words: str) -> Callable[[Other], str]:
    return lambda other: f"DROP {words} {other.sql_name}"


def _drop_on_table(words: str) -> Callable[[Other], str]:
    return lambda other: f"DROP {words} {ident(_own_name(other))} ON {qname(_table(other))}"


def _own_name(other: Other) -> str:
    """The name without the table: ``g`` of ``g on public.t``."""
    return other.sql_name.rsplit(" on ", 1)[0]


def _table(other: Other) -> QName:
    assert other.table is not None
    return other.table


def _revoke(other: Other) -> str:
    """Each line turned round: what was granted is revoked, what was revoked is granted."""
    lines = []
    for line in other.definition.splitlines():
        given = re.sub(r"^GRANT (.*) ON (.*) TO (.*?)( WITH GRANT OPTION)?(;?)$", r"REVOKE \1 ON \2 FROM \3\5", line)
        taken = re.sub(r"^REVOKE (.*) ON (.*) FROM (.*?)(;?)$", r"GRANT \1 ON \2 TO \3\4", line)
        lines.append(given if line.startswith("GRANT") else taken)
    return "\n".join(lines)


_CALLED = {"composite type": "TYPE", "statistics object": "STATISTICS", "view column": "COLUMN"}


def _comment(other: Other, text: str) -> str:
    """``on view public.v`` is a comment's name."""
    words = other.sql_name.removeprefix("on ")
    for kind, word in _CALLED.items():
        words = f"{word} {words.removeprefix(kind).strip()}" if words.startswith(f"{kind} ") else words
    words = re.sub(r"^domain constraint (.*) on ((?:\"[^\"]*\"|[\w$]+)\.)", r"CONSTRAINT \1 ON DOMAIN \2", words)
    return f"COMMENT ON {words} IS {text}"


def _alter(other: Other, what: str) -> str:
    return f"ALTER TABLE {qname(_table(other))} {what}"


def _class(other: Other, field: str) -> str:
    return f"(SELECT {field} FROM pg_class WHERE oid = to_regclass({literal(qname(_table(other)))}))"


def _parameters(other: Other) -> tuple[str, ...]:
    """The names of the storage parameters that a definition sets."""
    return tuple(re.findall(r"([\w.]+)='", other.definition))


def _reads_parameters(other: Other) -> tuple[str, str]:
    said = "(SELECT string_agg(o.option_name || '=' || quote_literal(o.option_value), ', ' ORDER BY o.option_name)"
    field = f"{said} FROM pg_options_to_table(reloptions) AS o)"
    return _class(other, field), ", ".join(re.findall(r"[\w.]+='(?:[^']|'')*'", other.definition))


def _reads_security(other: Other) -> tuple[str, str]:
    forced = "FORCE" in other.definition
    return _class(other, "relrowsecurity::text || relforcerowsecurity::text"), "true" + str(forced).lower()


def _reads_identity(other: Other) -> tuple[str, str]:
    index = "(SELECT ' ' || indexrelid::regclass FROM pg_index WHERE indrelid = pg_class.oid AND indisreplident)"
    said = _class(other, f"relreplident::text || coalesce({index}, '')")
    using = re.search(r"USING INDEX (.*)$", other.definition)
    schema = ident(_table(other).schema)
    return said, f"i {schema}.{using[1]}" if using else {"FULL": "f", "NOTHING": "n"}[
        other.definition.rsplit(" ", 1)[-1]
    ]


def _reads_statistics(other: Other) -> tuple[str, str]:
    said = (
        "(SELECT nullif(attstattarget, -1)::text FROM pg_attribute"
        f" WHERE attrelid = to_regclass({literal(qname(_table(other)))}) AND attname = {literal(_column(other))})"
    )
    return said, other.definition.rsplit(" ", 1)[-1]


def _reads_column(other: Other, field: str, letters: Mapping[str, str]) -> tuple[str, str]:
    said = (
        f"(SELECT {field}::text FROM pg_attribute"
        f" WHERE attrelid = to_regclass({literal(qname(_table(other)))}) AND attname = {literal(_column(other))})"
    )
    return said, letters[other.definition.rsplit(" ", 1)[-1]]


_STORAGE = {"PLAIN": "p", "EXTERNAL": "e", "MAIN": "m", "EXTENDED": "x"}
_COMPRESSION = {"pglz": "p", "lz4": "l"}


def _column(other: Other) -> str:
    return other.name.removeprefix(f"{other.table}.")


KINDS: Mapping[str, DefinedKind] = {
    "function": DefinedKind(group="routines", drop=_drop("FUNCTION"), replaces=True),
    "procedure": DefinedKind(group="routines", drop=_drop("PROCEDURE"), replaces=True),
    "aggregate": DefinedKind(group="routines", drop=_drop("AGGREGATE")),
    "view": DefinedKind(group="views", drop=_drop("VIEW")),
    "materialized view": DefinedKind(group="views", drop=_drop("MATERIALIZED VIEW")),
    "trigger": DefinedKind(group="attached", drop=_drop_on_table("TRIGGER")),
    "rule": DefinedKind(group="attached", drop=_drop_on_table("RULE")),
    "policy": DefinedKind(group="attached", drop=_drop_on_table("POLICY")),
    "statistics": DefinedKind(group="attached", drop=_drop("STATISTICS")),
    "domain": DefinedKind(group="types", drop=_drop("DOMAIN")),
    "composite type": DefinedKind(group="types", drop=_drop("TYPE")),
    "range type": DefinedKind(group="types", drop=_drop("TYPE")),
    "collation": DefinedKind(group="types", drop=_drop("COLLATION")),
    "cast": DefinedKind(group="operators", drop=lambda other: f"DROP CAST ({other.sql_name})"),
    "operator": DefinedKind(group="operators", drop=_drop("OPERATOR")),
    "text search configuration": DefinedKind(group="operators", drop=_drop("TEXT SEARCH CONFIGURATION")),
    "publication": DefinedKind(group="publications", drop=lambda other: f"DROP PUBLICATION {ident(other.sql_name)}"),
    "comment": DefinedKind(
        group="comments",
        drop=lambda other: _comment(other, "NULL"),
        make=lambda other: _comment(other, literal(other.definition)),
        replaces=True,
    ),
    "rights": DefinedKind(group="rights", drop=_revoke),
    "row-level security": DefinedKind(
        drop=lambda other: _alter(other, "DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"),
        reads=_reads_security,
    ),
    "storage parameters": DefinedKind(
        drop=lambda other: _alter(other, f"RESET ({', '.join(_parameters(other))})"), reads=_reads_parameters
    ),
    "replica identity": DefinedKind(
        drop=lambda other: _alter(other, "REPLICA IDENTITY DEFAULT"), replaces=True, reads=_reads_identity
    ),
    "column statistics": DefinedKind(
        drop=lambda other: _alter(other, f"ALTER COLUMN {ident(_column(other))} SET STATISTICS -1"),
        replaces=True,
        reads=_reads_statistics,
    ),
    "column storage": DefinedKind(
        # SET STORAGE DEFAULT is of version 16.
        drop=lambda other: _alter(other, f"ALTER COLUMN {ident(_column(other))} SET STORAGE {other.sql_name}"),
        replaces=True,
        reads=lambda other: _reads_column(other, "attstorage", _STORAGE),
    ),
    "column compression": DefinedKind(
        drop=lambda other: _alter(other, f"ALTER COLUMN {ident(_column(other))} SET COMPRESSION DEFAULT"),
        replaces=True,
        reads=lambda other: _reads_column(other, "attcompression", _COMPRESSION),
    ),
    "unlogged table": DefinedKind(
        drop=lambda other: _alter(other, "SET LOGGED"),
        reads=lambda other: (_class(other, "relpersistence::text"), "u"),
    ),
}
"""Every kind that is written, by PostgreSQL's word for it."""


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


def is_replaced(old: Other, new: Other) -> bool:
    """Whether making the new one replaces the old one: a function may not change its result in place."""
    results = [re.search(r"\n RETURNS (.*)\n LANGUAGE", each.definition) for each in (old, new)]
    same = [found and found[1] for found in results]
    return KINDS[new.kind].replaces and same[0] == same[1]


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
    queries = "\nUNION ALL\n".join(f"SELECT * FROM (\n{_query(group)}\n) AS {group}" for group in groups)
    return (
        f"CREATE OR REPLACE FUNCTION {FUNCTION}(kind text, name text) RETURNS text\n"
        f"LANGUAGE sql STABLE AS $gm$\nSELECT definition FROM (\n{queries}\n)"
        ' AS found (kind, name, definition, schema, "table")\nWHERE found.kind = $1 AND found.name = $2\n$gm$'
    )


@cache
def _query(group: str) -> str:
    return (_FOLDER / f"{group}.sql").read_text(encoding="utf-8").strip().rstrip(";")
