"""Names as SQL: quoted where they must be, and the names of the objects that a migration makes for itself."""

from hashlib import sha256

from generator.model.schema import QName
from generator.model.words import quoted

NAME_BYTES = 63
"""PostgreSQL cuts a longer name off (NAMEDATALEN - 1)."""

NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
"""A regular expression for a name as ``ident`` gives it, without groups."""

QNAME = rf"{NAME}\.{NAME}"
"""The same for what ``qname`` gives."""

PREFIX = "_gm_"
"""Every object that a migration makes for itself begins so, in the namespace of the table that it serves."""


def ident(name: str) -> str:
    """The name as SQL: bare where PostgreSQL reads it back unchanged, else in double quotes."""
    return quoted(name)


def literal(text: str) -> str:
    """The text as a string constant; an escape string where it holds a backslash, whatever the server's settings."""
    quoted = "'" + text.replace("'", "''") + "'"
    return "E" + quoted.replace("\\", "\\\\") if "\\" in text else quoted


def dollar_quoted(text: str, tag: str) -> str:
    """The text between ``$tag$`` as a string constant; the tag gets a number where the text holds it already."""
    number = 1
    while f"${tag}{number if number > 1 else ''}$" in text:
        number += 1
    quote = f"${tag}{number if number > 1 else ''}$"
    return f"{quote}{text}{quote}"


def one_line(text: object) -> str:
    """The text in one line, as it may stand after ``--``."""
    return " ".join(str(text).split())


def qname(name: QName) -> str:
    """The schema-qualified name as SQL."""
    return f"{ident(name.schema)}.{ident(name.name)}"


def columns(names: tuple[str, ...]) -> str:
    """A column list as SQL, without the parentheses."""
    return ", ".join(ident(name) for name in names)


ROOM = 10
"""Bytes that may be put behind a helper's name: ``_progress``, ``_not_null``, ``_mirror`` …"""

FORMER = ("old", "dropped", "moved")
"""Why an object stands aside that was there before."""

ASIDE = ("new", *FORMER)
"""Why an object has another name than the schema says, while the migration runs."""


def helper(table: str, column: str, *, what: str = "", told_apart: bool = False) -> str:
    """The name of a helper object for a column: at most 63 bytes, with ``what`` or with ``ROOM`` bytes behind it.

    A hash of both names is in it where it is needed: where the name would be too long, where it would look like that of
    something set aside, and where ``told_apart`` says that another column's would be the same.
    """
    stem = f"{PREFIX}{table}_{column}"
    hashed = told_apart or table.split("_")[0] in ASIDE
    stem = _fitted(stem, NAME_BYTES - ROOM, (table, column), hashed=hashed)
    return f"{stem}_{what}" if what else stem


def automatic_name(table: str, column: str, label: str) -> str:
    """The name that the server gives an object by itself: the longer of the two names is cut until all fits.

    As makeObjectName does in PostgreSQL's indexcmds.c.
    """
    first, second = table.encode(), column.encode()
    room = NAME_BYTES - len(label.encode()) - 2
    while len(first) + len(second) > room:
        if len(first) > len(second):
            first = first[:-1]
        else:
            second = second[:-1]
    return "_".join((first.decode(errors="ignore"), second.decode(errors="ignore"), label))


def aside(name: str, why: str) -> str:
    """The name under which an object is kept for the way back: ``why`` is ``old`` (replaced), ``new``, ``dropped``."""
    assert why in ASIDE
    return _fitted(f"{PREFIX}{why}_{name}", NAME_BYTES, (why, name))


def is_former(name: str) -> bool:
    """Whether ``aside`` made the name for something that was there before."""
    return name.startswith(tuple(f"{PREFIX}{why}_" for why in FORMER))


def _fitted(name: str, room: int, parts: tuple[str, ...], *, hashed: bool = False) -> str:
    if not hashed and len(name.encode()) <= room:
        return name
    digest = sha256("\0".join(parts).encode()).hexdigest()[:8]
    return f"{name.encode()[: room - 9].decode(errors='ignore')}_{digest}"
