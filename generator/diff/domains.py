"""A domain taken apart: its definition is the text that the catalog reader writes, so it is read back as that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.diff.replaced import type_name, uses
from generator.model.schema import Other, QName, Schema

_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[()\[\]]|;\n| DEFAULT | NOT NULL| CONSTRAINT |.""", re.DOTALL)
_NAMED = re.compile(r'("(?:[^"]|"")+"|[\w$]+) (CHECK .*)', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainCheck:
    """``name`` is SQL, ``definition`` the text from CHECK on, without NOT VALID."""

    name: str
    definition: str
    validated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """``base`` is the type below it, with its collation where that is not the type's own."""

    name: QName
    base: str
    default: str | None = None
    required: bool = False
    checks: tuple[DomainCheck, ...] = ()

    def check(self, name: str) -> DomainCheck | None:
        """The check of that name."""
        return next((check for check in self.checks if check.name == name), None)


def read_domain(other: Other) -> Domain:
    """The domain that an Other of that kind defines."""
    first, *later = _parts(other.definition)
    base = first.removeprefix(f"CREATE DOMAIN {other.sql_name} AS ")
    default, required, checks = None, False, []
    for part in later:
        if part.startswith(" DEFAULT "):
            default = part.removeprefix(" DEFAULT ")
        elif part == " NOT NULL":
            required = True
        elif part.startswith(" CONSTRAINT "):
            named = _NAMED.fullmatch(part.removeprefix(" CONSTRAINT "))
            assert named, part
            bare = named[2].removesuffix(" NOT VALID")
            checks.append(DomainCheck(name=named[1], definition=bare, validated=bare == named[2]))
    return Domain(name=type_name(other), base=base, default=default, required=required, checks=tuple(checks))


def _parts(text: str) -> Iterator[str]:
    """The definition cut before each clause; not inside of quotes or parentheses."""
    depth, start = 0, 0
    for token in _TOKEN.finditer(text):
        if token.group() in "([":
            depth += 1
        elif token.group() in ")]":
            depth -= 1
        elif depth == 0 and (token.group() == ";\n" or token.group() in (" DEFAULT ", " NOT NULL", " CONSTRAINT ")):
            yield text[start : token.start()]
            start = token.start()
    yield text[start:]


def domains_over(name: QName, schema: Schema) -> tuple[QName, ...]:
    """The domain, and the domains that are made of it."""
    found = [name]
    domains = [read_domain(each) for each in schema.others if each.kind == "domain"]
    for over in found:
        found += [each.name for each in domains if each.name not in found and uses(each.base, over)]
    return tuple(found)


def columns_over(name: QName, schema: Schema) -> Iterator[tuple[QName, str, str]]:
    """(table, column, type) of every column that is of the domain, also as an array's elements or a domain's base."""
    names = domains_over(name, schema)
    for table in schema.tables:
        for column in table.columns:
            if any(uses(column.type, each) for each in names):
                yield table.name, column.name, column.type


def hidden_users(name: QName, schema: Schema) -> Iterator[str]:
    """Who holds values of the domain inside of others, into which PostgreSQL does not look."""
    names = domains_over(name, schema)
    yield from (f"{table}.{column}" for table, column, type_ in columns_over(name, schema) if type_.endswith("[]"))
    for other in schema.others:
        if other.kind in ("composite type", "range type") and any(uses(other.definition, each) for each in names):
            yield f"the {other.kind} {other.name}"
