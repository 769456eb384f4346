"""Tells SQL's code from its strings, quoted names and comments, and nothing more: PostgreSQL does the parsing."""

import re

_PIECES = re.compile(
    r"""
    --[^\n]*
  | (?<![\w$])[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)
  | '(?:[^']|'')*(?:'|\Z)
  | "(?:[^"]|"")*(?:"|\Z)
  | (?<![\w$])\$(?P<tag>[^\W\d]\w*)\$.*?(?:\$(?P=tag)\$|\Z)
  | (?<![\w$])\$\$.*?(?:\$\$|\Z)
  | /\*
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def code_only(sql: str) -> str:
    """The text with every string, quoted name and comment blanked out; lines and positions stay as they are."""
    out: list[str] = []
    position = 0
    while found := _PIECES.search(sql, position):
        end = _end_of_comment(sql, found.end()) if found[0] == "/*" else found.end()
        out.append(sql[position : found.start()])
        out.append(re.sub(r"[^\n]", " ", sql[found.start() : end]))
        position = end
    out.append(sql[position:])
    return "".join(out)


def _end_of_comment(sql: str, position: int) -> int:
    """Where a comment that began before ``position`` ends: in PostgreSQL they nest."""
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(sql, position)
        if edge is None:
            return len(sql)
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return position
