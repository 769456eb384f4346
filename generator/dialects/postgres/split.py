"""SQL text taken apart into statements, as psql does it: strings, quoted names, comments, parentheses, BEGIN ATOMIC.

The rules are those of PostgreSQL's ``psqlscan.l`` with standard_conforming_strings on. Nothing is parsed beyond that,
so text that PostgreSQL refuses comes apart as well; what is never closed runs to the end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<blank> \s+ | --[^\n]* )
  | (?P<comment> /\* )
  | (?P<text> [eE]'(?:[^'\\]|\\.|'')*(?:'|\Z) | (?:[uU]&|[bBxXnN])?'(?:[^']|'')*(?:'|\Z)
            | (?:[uU]&)?"(?:[^"]|"")*(?:"|\Z)
            | \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?(?:\$(?P=tag)\$|\Z) )
  | (?P<word> [^\W\d][\w$]* )
  | (?P<number> (?:\d[\w.]*|\$\d+) )
  | (?P<mark> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_EDGE = re.compile(r"/\*|\*/")

_ROUTINE = re.compile(r"create (or replace )?(function|procedure)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One statement without its semicolon, and without blanks and comments before and after it.

    ``start`` is its place in the text, ``line`` the line it begins on, counted from 1.
    """

    sql: str
    start: int
    line: int

    @property
    def head(self) -> str:
        """Its first words on one line, to name it in a message."""
        short = " ".join(self.sql.split())
        return short if len(short) <= 80 else short[:79] + "…"


def split(sql: str) -> tuple[Piece, ...]:
    """The statements of a text, in order; empty ones are left out."""
    pieces = []
    line, counted = 1, 0
    for start, end in _bounds(sql):
        line += sql.count("\n", counted, start)
        counted = start
        pieces.append(Piece(sql=sql[start:end], start=start, line=line))
    return tuple(pieces)


def line_of(sql: str, position: int) -> int:
    """The line, counted from 1, of a character, counted from 0."""
    return sql.count("\n", 0, position) + 1


def _bounds(sql: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each statement that holds something."""
    first = last = -1
    parentheses = bodies = 0
    words: list[str] = []
    place = 0
    while place < len(sql):
        token = _TOKEN.match(sql, place)
        assert token is not None
        kind, begin, place = token.lastgroup, place, token.end()
        if token["comment"]:
            place = _end_of_comment(sql, place)
            continue
        if token["blank"]:
            continue
        mark = token["mark"]
        if mark == ";" and parentheses <= 0 and bodies == 0:
            if first >= 0:
                yield first, last
            first, parentheses, words = -1, 0, []
            continue
        if first < 0:
            first = begin
        last = place
        if mark == "(":
            parentheses += 1
        elif mark == ")":
            parentheses -= 1
        elif kind == "word" and parentheses <= 0:
            bodies += _body(token["word"].lower(), words, bodies)
    if first >= 0:
        yield first, last


def _body(word: str, words: list[str], bodies: int) -> int:
    """How a word outside of parentheses changes the depth of an SQL-standard body; ``words`` are those before it."""
    opens = word == "atomic" and words[-1:] == ["begin"] and bool(_ROUTINE.match(" ".join(words[:4])))
    change = {"case": 1, "begin": 1, "end": -1}.get(word, 0) if bodies else int(opens)
    words.append(word)
    if len(words) > 6:
        # The first four tell what is created, the last one whether ATOMIC follows BEGIN.
        del words[4]
    return change


def _end_of_comment(sql: str, place: int) -> int:
    """Where a comment ends that was opened just before ``place``: they nest."""
    depth = 1
    while depth:
        edge = _EDGE.search(sql, place)
        if edge is None:
            return len(sql)
        depth += 1 if edge[0] == "/*" else -1
        place = edge.end()
    return place
