"""Every kind that is known by its definition and is written: how it is read, made, changed and dropped."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.dialects.postgres import settings
from generator.dialects.postgres.altered import alter_publication, alter_server, alter_text_search, alter_wrapper
from generator.dialects.postgres.names import ident, literal, qname
from generator.dialects.postgres.settings import alter_column, alter_table, of_table, parameters_of, table_of
from generator.model.schema import Other


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedKind:
    """One kind. ``group`` is the query that reads it, empty where ``reads`` asks the catalog itself.

    ``drop`` gives the SQL that takes the object away, ``make`` the SQL that makes it; ``replaces`` is set where making
    it again replaces it. ``alter`` gives the statements that make the second one of the first one in its place.
    ``reads`` gives what the catalog says of the object, as SQL, and what that is when it is there.
    """

    group: str = ""
    drop: Callable[[Other], str]
    make: Callable[[Other], str] = lambda other: other.definition
    replaces: bool = False
    alter: Callable[[Other, Other], tuple[str, ...] | None] | None = None
    reads: Callable[[Other], settings.Reading] | None = None


def _drop(words: str) -> Callable[[Other], str]:
    return lambda other: f"DROP {words} {other.sql_name}"


def _drop_named(words: str) -> Callable[[Other], str]:
    return lambda other: f"DROP {words} {ident(other.sql_name)}"


def _drop_on_table(words: str) -> Callable[[Other], str]:
    return lambda other: f"DROP {words} {ident(other.sql_name.rsplit(' on ', 1)[0])} ON {qname(table_of(other))}"


def _revoke(other: Other) -> str:
    """Each line turned round: what was granted is revoked, what was revoked is granted."""
    lines = []
    for line in other.definition.splitlines():
        given = re.sub(
            r"^(.*?)GRANT (.*) ON (.*) TO (.*?)( WITH GRANT OPTION)?(;?)$", r"\1REVOKE \2 ON \3 FROM \4\6", line
        )
        taken = re.sub(r"^(.*?)REVOKE (.*) ON (.*) FROM (.*?)(;?)$", r"\1GRANT \2 ON \3 TO \4\5", line)
        lines.append(taken if given == line else given)
    return "\n".join(lines)


_CALLED = {"composite type": "TYPE", "statistics object": "STATISTICS", "view column": "COLUMN"}
_CALLED |= {"materialized view column": "COLUMN", "foreign table column": "COLUMN", "table constraint": "CONSTRAINT"}
_CALLED |= {"foreign-data wrapper": "FOREIGN DATA WRAPPER"}
_CALLED |= {"composite type column": "COLUMN", "domain constraint": "CONSTRAINT"}


def _comment(other: Other, text: str) -> str:
    """``on view public.v`` is a comment's name."""
    words = other.sql_name.removeprefix("on ")
    called = max((kind for kind in _CALLED if words.startswith(f"{kind} ")), key=len, default="")
    words = f"{_CALLED[called]} {words.removeprefix(called).strip()}" if called else words
    if called == "domain constraint":
        words = " ON DOMAIN ".join(words.rsplit(" on ", 1))
    return f"COMMENT ON {words} IS {text}"


def _drop_mapping(other: Other) -> str:
    return re.sub(
        r"^CREATE (USER MAPPING FOR .*? SERVER (?:\"(?:[^\"]|\"\")*\"|[^\s\"]+)).*$", r"DROP \1", other.definition
    )


def _unpublish(other: Other) -> str:
    """``ADD`` turned into ``DROP``; of a table without its columns and its condition."""
    name = r'(?:"(?:[^"]|"")*"|[^\s".(])+'
    found = re.match(
        rf"(ALTER PUBLICATION {name}) ADD (TABLE {name}\.{name}|TABLES IN SCHEMA {name})", other.definition
    )
    assert found is not None, other.definition
    return f"{found[1]} DROP {found[2]}"


KINDS: Mapping[str, DefinedKind] = {
    "function": DefinedKind(group="routines", drop=_drop("FUNCTION"), replaces=True),
    "procedure": DefinedKind(group="routines", drop=_drop("PROCEDURE"), replaces=True),
    "aggregate": DefinedKind(group="routines", drop=_drop("AGGREGATE")),
    "event trigger": DefinedKind(group="routines", drop=_drop_named("EVENT TRIGGER")),
    "view": DefinedKind(group="views", drop=_drop("VIEW")),
    "materialized view": DefinedKind(group="views", drop=_drop("MATERIALIZED VIEW")),
    "index": DefinedKind(
        drop=_drop("INDEX"),
        reads=lambda other: (f"pg_get_indexdef(to_regclass({literal(other.sql_name)}))", other.definition),
    ),
    "trigger": DefinedKind(group="attached", drop=_drop_on_table("TRIGGER")),
    "rule": DefinedKind(group="attached", drop=_drop_on_table("RULE")),
    "policy": DefinedKind(group="attached", drop=_drop_on_table("POLICY")),
    "statistics": DefinedKind(group="attached", drop=_drop("STATISTICS")),
    "domain": DefinedKind(group="types", drop=_drop("DOMAIN")),
    "composite type": DefinedKind(group="types", drop=_drop("TYPE")),
    "range type": DefinedKind(group="types", drop=_drop("TYPE")),
    "collation": DefinedKind(group="types", drop=_drop("COLLATION")),
    "cast": DefinedKind(group="operators", drop=lambda other: f"DROP CAST ({other.sql_name.replace(' as ', ' AS ')})"),
    "operator": DefinedKind(group="operators", drop=_drop("OPERATOR")),
    "conversion": DefinedKind(group="operators", drop=_drop("CONVERSION")),
    "language": DefinedKind(group="operators", drop=_drop_named("LANGUAGE")),
    "access method": DefinedKind(group="operators", drop=_drop_named("ACCESS METHOD")),
    "text search configuration": DefinedKind(
        group="operators", drop=_drop("TEXT SEARCH CONFIGURATION"), alter=alter_text_search
    ),
    "text search dictionary": DefinedKind(
        group="operators", drop=_drop("TEXT SEARCH DICTIONARY"), alter=alter_text_search
    ),
    "text search parser": DefinedKind(group="operators", drop=_drop("TEXT SEARCH PARSER")),
    "text search template": DefinedKind(group="operators", drop=_drop("TEXT SEARCH TEMPLATE")),
    "foreign-data wrapper": DefinedKind(group="foreign", drop=_drop_named("FOREIGN DATA WRAPPER"), alter=alter_wrapper),
    "server": DefinedKind(group="foreign", drop=_drop_named("SERVER"), alter=alter_server),
    "user mapping": DefinedKind(group="user_mappings", drop=_drop_mapping),
    "foreign table": DefinedKind(group="foreign_tables", drop=_drop("FOREIGN TABLE")),
    "publication": DefinedKind(group="publications", drop=_drop_named("PUBLICATION"), alter=alter_publication),
    "publication table": DefinedKind(group="publications", drop=_unpublish),
    "publication schema": DefinedKind(group="publication_namespaces", drop=_unpublish),
    "comment": DefinedKind(
        group="comments",
        drop=lambda other: _comment(other, "NULL"),
        make=lambda other: _comment(other, literal(other.definition)),
        replaces=True,
    ),
    "rights": DefinedKind(group="rights", drop=_revoke),
    "default privileges": DefinedKind(group="rights", drop=_revoke),
    "row-level security": DefinedKind(
        drop=lambda other: alter_table(other, "DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"),
        reads=settings.reads_security,
    ),
    "storage parameters": DefinedKind(
        drop=lambda other: alter_table(other, f"RESET ({', '.join(parameters_of(other))})"),
        reads=settings.reads_parameters,
    ),
    "replica identity": DefinedKind(
        drop=lambda other: alter_table(other, "REPLICA IDENTITY DEFAULT"),
        replaces=True,
        reads=settings.reads_identity,
    ),
    "clustered index": DefinedKind(
        drop=lambda other: alter_table(other, "SET WITHOUT CLUSTER"), replaces=True, reads=settings.reads_clustered
    ),
    "column statistics": DefinedKind(
        drop=lambda other: alter_column(other, "SET STATISTICS -1"),
        replaces=True,
        reads=settings.reads_statistics,
    ),
    "column options": DefinedKind(
        drop=lambda other: alter_column(other, f"RESET ({', '.join(parameters_of(other))})"),
        reads=settings.reads_column_options,
    ),
    "column storage": DefinedKind(
        # SET STORAGE DEFAULT is of version 16; the reader tells what the type gives the column.
        drop=lambda other: alter_column(other, f"SET STORAGE {other.sql_name}"),
        replaces=True,
        reads=lambda other: settings.reads_letter(other, "attstorage", settings.STORAGE),
    ),
    "column compression": DefinedKind(
        drop=lambda other: alter_column(other, "SET COMPRESSION DEFAULT"),
        replaces=True,
        reads=lambda other: settings.reads_letter(other, "attcompression", settings.COMPRESSION),
    ),
    "index parameters": DefinedKind(drop=settings.drop_index_parameters, reads=settings.reads_index_parameters),
    "index statistics": DefinedKind(drop=settings.drop_index_statistics, reads=settings.reads_index_statistics),
    "unlogged table": DefinedKind(
        drop=lambda other: alter_table(other, "SET LOGGED"),
        reads=lambda other: (of_table(other, "relpersistence::text"), "u"),
    ),
    "unlogged sequence": DefinedKind(
        drop=lambda other: other.definition.removesuffix("UNLOGGED") + "LOGGED",
        reads=settings.reads_unlogged_sequence,
    ),
}
"""By PostgreSQL's word for it."""
