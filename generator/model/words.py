"""Names as SQL, and the words that are no name of a column or table unless they are quoted."""

import re

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")

RESERVED = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
    column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
    from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
    returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
    unique user using variadic verbose when where window with
    between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int
    integer interval json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
    json_serialize json_table json_value least merge_action national nchar none normalize nullif numeric out overlay
    position precision real row setof smallint substring time timestamp treat trim values varchar xmlattributes
    xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
    """.split()  # noqa: SIM905
)
"""The fully reserved words of PostgreSQL 14 to 18, with those that may be a function's or type's name only
(https://www.postgresql.org/docs/current/sql-keywords-appendix.html)."""


def unquoted(name: str) -> str:
    """The name that is written so in SQL by the server, which writes bare only what is in lower case."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def folded(name: str) -> str:
    """The name that PostgreSQL reads there, as anybody may have written it."""
    return unquoted(name) if name.startswith('"') else name.lower()


def quoted(name: str) -> str:
    """One part of a name as SQL: bare where PostgreSQL reads it back unchanged, else in double quotes."""
    return name if _PLAIN.match(name) and name not in RESERVED else '"' + name.replace('"', '""') + '"'
