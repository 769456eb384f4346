"""Texts that Markdown shows as they are: names and SQL are full of characters that it would take as its own."""

import re

_SPECIAL = re.compile(r"([\\`*\[\]<>|~&])|(?<!\w)_|_(?!\w)")
_TICKS = re.compile(r"`+")


def md(text: object) -> str:
    """One line of plain text, for a sentence or a cell of a table; ``a_name`` stays as readable as it is."""
    return _SPECIAL.sub(lambda found: "\\" + found.group(), " ".join(str(text).split()))


def sentence(text: object) -> str:
    """The text with one full stop at its end, whether it had one or not."""
    said = md(text)
    return said if said.endswith((".", "?", "!")) else f"{said}."


def fence(text: str, language: str = "sql") -> str:
    """A block of code, fenced by more backticks than it holds."""
    ticks = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(text)), default=0))
    return f"{ticks}{language}\n{text.rstrip()}\n{ticks}"


def code(text: str) -> str:
    """One line of code inside a sentence, between more backticks than it holds."""
    line = " ".join(text.split())
    ticks = "`" * (1 + max((len(run) for run in _TICKS.findall(line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{space}{line}{space}{ticks}"
