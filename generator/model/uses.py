"""The columns that a key or an index goes with: those that it makes unique, and those that its index includes."""

import re

from generator.model.schema import Constraint, Index, PrimaryKey, Unique
from generator.model.words import unquoted

_LIST = r'\(((?:"(?:[^"]|"")*"|[^")])*)\)'
_INCLUDED = re.compile(rf"(?:PRIMARY KEY|UNIQUE(?: NULLS NOT DISTINCT)?) {_LIST} INCLUDE {_LIST}")
_NAME = re.compile(r'"(?:[^"]|"")*"|[^", ]+')


def uses(thing: Constraint | Index) -> tuple[str, ...]:
    """Every column that an index or a constraint uses."""
    more = included(thing) if isinstance(thing, PrimaryKey | Unique) else ()
    return (*thing.columns, *more)


def included(key: PrimaryKey | Unique) -> tuple[str, ...]:
    """The columns in INCLUDE."""
    found = _INCLUDED.match(key.definition)
    names = _NAME.findall(found[2]) if found else ()
    return tuple(unquoted(name) for name in names)
