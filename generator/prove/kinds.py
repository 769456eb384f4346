"""Which values a type takes, whatever the type: PostgreSQL's own, and those that a schema makes for itself."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from generator.prove.family import Family, cycle, edges_first
from generator.prove.scalars import scalar_families
from generator.prove.texts import text_families

if TYPE_CHECKING:
    from psycopg import Connection

_TYPE = re.compile(r"(?P<name>.*?)(?:\((?P<arguments>[-\d, ]+)\))?(?P<zone> with(?:out)? time zone)?(?P<array>\[\])?\Z")

_TEXTS = frozenset(("text", "character varying", "character", "name", "citext", '"char"', "bpchar"))
_INTEGERS = ("smallint", "integer", "bigint")
_SMALL_TEXTS = {"name": 63, '"char"': 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class UserType:
    """A type that is not PostgreSQL's own. ``kind`` is pg_type.typtype: e(num), d(omain), c(omposite), r(ange), b(ase).

    ``base`` is the type below a domain or of a range's bounds, ``checks`` are a domain's over ``VALUE``,
    ``parts`` the labels of an enum or the types of a composite's attributes, whose names are ``names``.
    """

    kind: str
    base: str = ""
    checks: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


UserTypes = Mapping[str, UserType]

_READ = """
SELECT pg_catalog.format_type(t.oid, NULL), t.typtype::text,
       coalesce(pg_catalog.format_type(coalesce(nullif(t.typbasetype, 0), r.rngsubtype), nullif(t.typtypmod, -1)), ''),
       ARRAY(SELECT pg_catalog.pg_get_constraintdef(c.oid) FROM pg_catalog.pg_constraint c
             WHERE c.contypid = t.oid AND c.contype = 'c' ORDER BY c.conname),
       CASE t.typtype
           WHEN 'e' THEN ARRAY(SELECT e.enumlabel::text FROM pg_catalog.pg_enum e
                               WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
           WHEN 'c' THEN ARRAY(SELECT pg_catalog.format_type(a.atttypid, a.atttypmod) FROM pg_catalog.pg_attribute a
                               WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)
           ELSE '{}' END,
       ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
             WHERE t.typtype = 'c' AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum)
FROM pg_catalog.pg_type t
LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
LEFT JOIN pg_catalog.pg_class k ON k.oid = t.typrelid
WHERE t.typnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace)
  AND (t.typtype IN ('e', 'd', 'r') OR t.typtype = 'b' AND t.typelem = 0 OR t.typtype = 'c' AND k.relkind = 'c')
"""


def read_types(connection: "Connection[tuple[Any, ...]]") -> UserTypes:
    """The types of a database that are not PostgreSQL's own. Wants an empty search_path, as ``Column.type`` does."""
    return {
        name: UserType(kind=kind, base=base, checks=tuple(checks), parts=tuple(parts), names=tuple(names))
        for name, kind, base, checks, parts, names in connection.execute(_READ)
    }


def with_narrower_attributes(types: UserTypes, others: UserTypes) -> UserTypes:
    """The types, each attribute of a composite as narrow as where it is in ``others``: its values go over to that."""
    found = dict(types)
    for name, user in types.items():
        other = others.get(name)
        if user.kind == "c" and other is not None and other.kind == "c" and other != user:
            there = dict(zip(other.names, other.parts, strict=True))
            pairs = zip(user.names, user.parts, strict=True)
            narrow = [
                min((part, there.get(own, part)), key=lambda each: narrowness(each, types)) for own, part in pairs
            ]
            found[name] = replace(user, parts=tuple(narrow))
    return found


def domain_checks(type_text: str, types: UserTypes) -> tuple[str, ...]:
    """The checks of a domain and of the domains below it, over ``VALUE``; empty for any other type."""
    user = types.get(_split(type_text)[0])
    if type_text.endswith("[]") or user is None or user.kind != "d":
        return ()
    return user.checks + domain_checks(user.base, types)


def base_of(type_text: str, types: UserTypes) -> str:
    """The type below a domain; any other type itself."""
    user = types.get(_split(type_text)[0])
    return base_of(user.base, types) if user is not None and user.kind == "d" else type_text


def is_text(type_text: str, types: UserTypes) -> bool:
    """Whether values of the type are free text."""
    name, array = _split(type_text)[0], type_text.endswith("[]")
    user = types.get(name)
    if user is not None and user.kind == "d":
        return is_text(user.base, types)
    return not array and name.rsplit(".", 1)[-1] in _TEXTS


def narrowness(type_text: str, types: UserTypes) -> tuple[int, int]:
    """Orders types so that values of an earlier one can be written into columns of a later one."""
    if type_text.endswith("[]"):
        return narrowness(type_text.removesuffix("[]"), types)
    name, arguments = _split(type_text)
    user = types.get(name)
    if user is not None and user.kind == "d":
        return narrowness(user.base, types)
    if is_text(type_text, types):
        return (9, arguments[0] if arguments else 10**9)
    if name in _INTEGERS:
        return (2, _INTEGERS.index(name))
    if name == "numeric":
        return (4, arguments[0] - (arguments[1] if len(arguments) > 1 else 0) if arguments else 10**6)
    ranks = {"boolean": 1, "real": 5, "double precision": 6, "date": 3, "json": 8, "jsonb": 7}
    return (ranks.get(name, 4 if name.startswith("timestamp") else 0), 0)


def narrowest_numeric(type_texts: Sequence[str]) -> str | None:
    """The numeric type whose values all of these hold unchanged; None where they are not all numeric with a scale."""
    split = [_split(each) for each in type_texts]
    if len(set(type_texts)) < 2 or any(name != "numeric" or not arguments for name, arguments in split):
        return None
    scales = [arguments[1] if len(arguments) > 1 else 0 for _, arguments in split]
    whole = min(arguments[0] - scale for (_, arguments), scale in zip(split, scales, strict=True))
    return f"numeric({whole + min(scales)},{min(scales)})"


def families(type_text: str, types: UserTypes, hint: str = "") -> tuple[Family, ...]:
    """Families for a type as ``format_type`` writes it: the plain one first, then the edges; ``hint`` names the column.

    A type that nobody knows here gets text, and the server says what it thinks of it.
    """
    if type_text.endswith("[]"):
        return _arrays(families(type_text[:-2], types, hint)[0])
    name, arguments = _split(type_text)
    user = types.get(name)
    if user is not None and user.kind == "e":
        return (cycle("labels", user.parts), *(cycle(f"only {label}", (label,)) for label in user.parts))
    if user is not None and user.kind == "d":
        return families(user.base, types, hint)
    if user is not None and user.kind == "c":
        return _composites(tuple(families(part, types)[0] for part in user.parts))
    bare = name.rsplit(".", 1)[-1]
    if user is not None and user.kind == "r":
        lower = families(user.base, types)[0]
        return (Family(name="ranges", text=lambda k: f'["{lower.value(2 * k)}","{lower.value(2 * k + 1)}")'),)
    if bare in _TEXTS:
        length = arguments[0] if arguments else _SMALL_TEXTS.get(bare)
        return text_families(length, hint)
    return scalar_families(bare, arguments) or text_families(None, hint)


def _split(type_text: str) -> tuple[str, tuple[int, ...]]:
    found = _TYPE.match(type_text)
    if found is None:
        return type_text, ()
    arguments = tuple(int(part) for part in found["arguments"].split(",")) if found["arguments"] else ()
    return found["name"] + (found["zone"] or ""), arguments


def _quoted(text: str | None) -> str:
    if text is None:
        return "NULL"
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


SINGLE = "single elements"
"""The name of the arrays that hold one element each."""


def _arrays(inner: Family) -> tuple[Family, ...]:
    def pair(number: int) -> str:
        return "{" + _quoted(inner.value(number)) + "," + _quoted(inner.value(number + 1)) + "}"

    return (
        Family(name="arrays", text=pair, size=inner.size),
        edges_first("arrays at the edge", ("{}", "{NULL}"), pair, inner.size),
        Family(name=SINGLE, text=lambda k: "{" + _quoted(inner.value(k)) + "}", size=inner.size),
        cycle("empty arrays", ("{}",)),
    )


def _composites(parts: tuple[Family, ...]) -> tuple[Family, ...]:
    def row(number: int) -> str:
        return "(" + ",".join(_quoted(part.value(number)) for part in parts) + ")"

    return (Family(name="rows", text=row),)
