"""TypeScript and JavaScript taken apart into words, strings and marks: no more than is needed to find what is used."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_PLAIN = re.compile(
    r"""
    (?P<blank> \s+ | //[^\n]* | /\*.*?(?:\*/|\Z) )
  | (?P<string> '(?:[^'\\\n]|\\.)*' | "(?:[^"\\\n]|\\.)*" )
  | (?P<word> [A-Za-z_$][\w$]* )
  | (?P<number> \d[\w.]* )
  | (?P<mark> => | \?\. | \.\.\. | [^\w\s] )
    """,
    re.VERBOSE | re.DOTALL,
)
_PATTERN = re.compile(r"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_BEFORE_PATTERN = frozenset((*"(,=:[!&|?{};", "=>", "return", "typeof", "case"))


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    STRING = "string"
    TEMPLATE = "template"
    NUMBER = "number"
    MARK = "mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """``text`` is as it is written; of a string ``value`` is what is in the quotes, of the same length.

    A template's ``${…}`` are blanked out in ``value`` to ``$1``; what is in them comes as tokens of its own, after it.
    """

    kind: Kind
    text: str
    value: str
    start: int


def tokens(source: str) -> tuple[Token, ...]:
    """The tokens of a file, in their order. What is never closed runs to the end."""
    return tuple(_tokens(source, 0, "")[0])


def _tokens(source: str, at: int, until: str) -> tuple[list[Token], int]:
    """The tokens from ``at`` on, up to the bracket ``until`` that closes what was opened before; and where that is."""
    found: list[Token] = []
    depth = 0
    while at < len(source):
        character = source[at]
        if character == "`":
            inside, at = _template(source, at)
            found += inside
            continue
        if character == "/" and not source.startswith(("//", "/*"), at):
            pattern = _PATTERN.match(source, at)
            if pattern is not None and (not found or found[-1].text in _BEFORE_PATTERN):
                at = pattern.end()
                continue
        plain = _PLAIN.match(source, at)
        if plain is None:
            at += 1
            continue
        text = plain.group()
        if until and text == "{":
            depth += 1
        elif until and text == until:
            if depth == 0:
                return found, at
            depth -= 1
        kind = str(plain.lastgroup)
        if kind != "blank":
            value = text[1:-1] if kind == "string" else text
            found.append(Token(kind=Kind(kind), text=text, value=value, start=at))
        at = plain.end()
    return found, at


def _template(source: str, start: int) -> tuple[list[Token], int]:
    """A template literal that begins at ``start``, the tokens of its holes, and where it ends."""
    at, value, inside = start + 1, "", list[Token]()
    while at < len(source) and source[at] != "`":
        if source[at] == "\\":
            value += source[at : at + 2]
            at += 2
        elif source.startswith("${", at):
            hole, end = _tokens(source, at + 2, "}")
            inside += hole
            value += "$1".ljust(end + 1 - at)[: end + 1 - at]
            at = end + 1
        else:
            value += source[at]
            at += 1
    literal = Token(kind=Kind.TEMPLATE, text=source[start : at + 1], value=value, start=start)
    return [literal, *inside], at + 1


def closing(all_tokens: tuple[Token, ...], at: int) -> int:
    """The place of the bracket that closes the one at ``at``; the last place where none does."""
    pairs = {"(": ")", "[": "]", "{": "}"}
    open_brackets: list[str] = []
    for place in range(at, len(all_tokens)):
        text = all_tokens[place].text
        if all_tokens[place].kind is not Kind.MARK:
            continue
        if text in pairs:
            open_brackets.append(pairs[text])
        elif open_brackets and text == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                return place
    return len(all_tokens) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of an object literal: its value goes from token ``first`` to ``last``; a spread has no key."""

    key: str
    at: int
    first: int
    last: int


def entries(all_tokens: tuple[Token, ...], at: int) -> Iterator[Entry]:
    """What an object literal holds, whose brace is at ``at``."""
    end = closing(all_tokens, at)
    place = at + 1
    while place < end:
        first = place
        while place < end and all_tokens[place].text != ",":
            place = closing(all_tokens, place) + 1 if all_tokens[place].text in ("(", "[", "{") else place + 1
        if all_tokens[first].text == "...":
            yield Entry(key="", at=first, first=first + 1, last=place - 1)
        elif all_tokens[first].kind in (Kind.WORD, Kind.STRING):
            named = first + 1 < place and all_tokens[first + 1].text == ":"
            yield Entry(
                key=all_tokens[first].value, at=first, first=first + 2 if named else first, last=max(place - 1, first)
            )
        place += 1
