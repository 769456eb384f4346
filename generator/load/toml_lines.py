"""Where in a TOML text something stands: Python's reader gives the values and no lines."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

_HEADER = re.compile(r"\s*\[(?!\[)(.+)\]\s*(#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"(?:[^"\\]|\\.)*"|'[^']*'))*)\s*=""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A header (then ``key`` is empty) or a key, both unquoted; lines count from 0, ``end`` is past the last."""

    section: tuple[str, ...]
    key: tuple[str, ...]
    start: int
    end: int


def entries(text: str) -> list[Entry]:
    """Every header and key of a valid TOML text, in order."""
    lines = text.split("\n")
    found: list[Entry] = []
    section: tuple[str, ...] = ()
    number = 0
    while number < len(lines):
        end = number + 1
        header, key = _HEADER.fullmatch(lines[number]), _KEY.match(lines[number])
        if header and _parsed(lines[number]) is not None:
            section = _path(_parsed(lines[number]))
            found.append(Entry(section=section, key=(), start=number, end=end))
        elif key:
            # A value of several lines ends where the text so far can be read.
            while end < len(lines) and _parsed("\n".join(lines[number:end])) is None:
                end += 1
            found.append(Entry(section=section, key=_path(_parsed(key[1] + " = 0")), start=number, end=end))
        number = end
    return found


def line_of(text: str, section: str, key: str) -> int:
    """The line (from 1) of an entry: ``[backfill."t.c"]`` or ``"t.c" = …`` below ``[backfill]``; else its section's."""
    best = 1
    for entry in entries(text):
        path = entry.section + entry.key
        if path[:1] != (section,):
            continue
        if ".".join(path[1:]) == key:
            return entry.start + 1
        if best == 1 or (entry.key == () and not key):
            best = entry.start + 1
    return best


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _path(parsed: dict[str, Any] | None) -> tuple[str, ...]:
    path: list[str] = []
    value: Any = parsed
    while isinstance(value, dict) and value:
        name = next(iter(value))
        path.append(name)
        value = value[name]
    return tuple(path)
