"""The statements that make, drop and change one object that is known by its definition, with their locks."""

import re

from generator.dialects.postgres import defined
from generator.dialects.postgres.altered import options_of
from generator.dialects.postgres.locks import (
    access_exclusive,
    row_exclusive,
    share_row_exclusive,
    share_update_exclusive,
)
from generator.dialects.postgres.names import literal
from generator.dialects.postgres.recipes.superuser import SUPERUSER, may_use_wrapper
from generator.model.plan import LockMode, Pace, Statement, TableLock
from generator.model.schema import Other, QName, Schema

_NAME = r'(?:"(?:[^"]|"")*"|[^\s".(]+)'

ROUTINES = ("function", "procedure", "aggregate", "window function")
RELATIONS = ("view", "materialized view", "foreign table")

_SHARED = frozenset(
    (
        *("statistics", "storage parameters", "column statistics", "column options", "clustered index"),
        "publication table",
    )
)
"""Kinds that are set while the application reads and writes."""

_UNLOCKED = ("rights", "comment", "index parameters", "index statistics", "index")
"""Kinds which leave the table itself alone."""

_SUPERUSERS = frozenset(
    (
        *("event trigger", "foreign-data wrapper", "language", "access method", "publication schema"),
        *("text search parser", "text search template"),
    )
)
"""Kinds that only a superuser makes."""


def make_statements(other: Other) -> tuple[Statement, ...]:
    """The statements that make it."""
    if other.kind == "materialized view":
        return (Statement(sql=defined.make(other), pace=Pace.LONG, scans=read_by(other, None)),)
    if other.kind == "unlogged table":
        return (_rewriting(other, defined.make(other)),)
    made = Statement(sql=defined.make(other), locks=locks_of(other))
    return (*before_routine(other), made)


def drop_statements(other: Other) -> tuple[Statement, ...]:
    """The statements that take it away."""
    if other.kind == "unlogged table":
        return (_rewriting(other, defined.drop(other)),)
    return (Statement(sql=defined.drop(other), locks=locks_of(other, drops=True)),)


def change_statements(old: Other, new: Other, *, replaced: bool) -> tuple[Statement, ...] | None:
    """The statements that make the new one of the old one in its place; None where it has to be made anew."""
    if replaced:
        text = defined.replace(new)
        return (*before_routine(new), Statement(sql=text, locks=locks_of(new)))
    altered = defined.alter(old, new)
    if altered is not None:
        return tuple(Statement(sql=text, locks=locks_of(new)) for text in altered)
    return None if new.kind in defined.HANGS_ON else drop_statements(old) + make_statements(new)


def before_routine(other: Other) -> tuple[Statement, ...]:
    """The body is the owner's business, and looks for its tables where the function will look for them."""
    return (Statement(sql="SET LOCAL check_function_bodies = off"),) if other.kind in ROUTINES else ()


def _rewriting(other: Other, sql: str) -> Statement:
    """Between logged and unlogged the whole table is written again."""
    assert other.table is not None
    return Statement(sql=sql, pace=Pace.WINDOW, locks=locks_of(other), scans=(other.table,), rewrites=(other.table,))


def read_by(view: Other, schema: Schema | None) -> tuple[QName, ...]:
    """The tables that a materialized view reads when it is made, also through the views of ``schema``."""
    found: list[QName] = []
    views = {} if schema is None else {each.sql_name: each for each in schema.others if each.kind == "view"}
    waiting, seen = [view], {view.sql_name}
    while waiting:
        for table in _named_in(waiting.pop()):
            inner = next(
                (each for name, each in views.items() if name.replace('"', "") == f"{table.schema}.{table.name}"), None
            )
            if inner is None:
                found.append(table)
            elif inner.sql_name not in seen:
                seen.add(inner.sql_name)
                waiting.append(inner)
    return tuple(dict.fromkeys(found))


def _named_in(view: Other) -> tuple[QName, ...]:
    import sqlglot
    from sqlglot import exp

    query = sqlglot.parse_one(query_of(view), read="postgres")
    return tuple(dict.fromkeys(QName(table.db or "public", table.name) for table in query.find_all(exp.Table)))


def query_of(view: Other) -> str:
    """The query of a view."""
    return view.definition.split(" AS\n", 1)[1].split(";\nALTER", 1)[0]


def locks_of(other: Other, *, drops: bool = False) -> tuple[TableLock, ...]:
    """The lock on the table that the object belongs to."""
    if other.table is None or other.kind in _UNLOCKED or other.kind in RELATIONS:
        return ()
    if other.kind == "rule" and not drops:
        acts = re.findall(rf"\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+(?:ONLY )?({_NAME})\.({_NAME})", other.definition)
        written = (QName(*(part.strip('"').replace('""', '"') for part in each)) for each in acts)
        return (access_exclusive(other.table), *(row_exclusive(each) for each in written if each != other.table))
    if other.kind == "trigger" and not drops:
        return (share_row_exclusive(other.table),)
    if other.kind in _SHARED:
        return (share_update_exclusive(other.table),)
    return (access_exclusive(other.table),)


def of_relation(view: QName) -> TableLock:
    """The lock under which a materialized view is renamed."""
    return TableLock(table=view, mode=LockMode.ACCESS_EXCLUSIVE, asked_first=False)


def right_for(other: Other, schema: Schema) -> str:
    """SQL: whoever asks may make and drop it; empty where the tables' owner may."""
    if other.kind in _SUPERUSERS:
        return SUPERUSER
    match other.kind:
        case "publication" if " FOR ALL TABLES" in other.definition:
            return SUPERUSER
        case "function" | "procedure" if re.search(r"\n LANGUAGE (c|internal)\b|\bLEAKPROOF\b", other.definition):
            return SUPERUSER
        case "cast" if "WITHOUT FUNCTION" in other.definition:
            return SUPERUSER
        case "server":
            wrapper = re.search(r' FOREIGN DATA WRAPPER ("(?:[^"]|"")*"|[^\s"]+)', other.definition)
            assert wrapper is not None
            return may_use_wrapper(wrapper[1].strip('"').replace('""', '"'))
        case "foreign table":
            return _may_make_foreign_table(other)
        case "rights" if _is_anothers(other, schema):
            return SUPERUSER
        case "default privileges":
            return _may_speak_for(other)
        case _:
            return ""


_ROLES = {"filename": "pg_read_server_files", "program": "pg_execute_server_program"}
"""Roles that a foreign table over the server's own files or programs asks for."""


def _may_make_foreign_table(other: Other) -> str:
    server = re.search(r'\) SERVER ("(?:[^"]|"")*"|[^\s"]+)', other.definition)
    assert server is not None
    name = literal(server[1].strip('"').replace('""', '"'))
    rights = [
        f"EXISTS (SELECT FROM pg_foreign_server WHERE srvname = {name} AND has_server_privilege(oid, 'USAGE'))",
        *(
            f"pg_has_role({literal(role)}, 'USAGE')"
            for word, role in _ROLES.items()
            if word in options_of(other.definition)
        ),
    ]
    return f"({' AND '.join(rights)})"


def _is_anothers(rights: Other, schema: Schema) -> bool:
    """Whether they are on something that the schema does not hold: what an extension or the server brought."""
    if rights.table is not None:
        return False
    kind, name = rights.sql_name.split(" ", 1) if not rights.sql_name.startswith("foreign ") else ("", "")
    if not kind or kind == "language":
        return True
    if kind in ("function", "procedure"):
        return all(each.sql_name != name for each in schema.others if each.kind in ROUTINES)
    return False


def _may_speak_for(privileges: Other) -> str:
    role = re.match(r'ALTER DEFAULT PRIVILEGES FOR ROLE ("(?:[^"]|"")*"|[^\s"]+)', privileges.definition)
    if role is None:
        return ""
    name = role[1].strip('"').replace('""', '"')
    return f"EXISTS (SELECT FROM pg_roles WHERE rolname = {literal(name)} AND pg_has_role(oid, 'MEMBER'))"
