"""Strings in a Python file that hold SQL, or name a column as ``table.column``; and where in the file that is."""

import ast
import re
from collections.abc import Iterator

from generator.usage.affected import Affected
from generator.usage.found import Found
from generator.usage.sql_texts import looks_like_sql, uses_in_sql


class Lines:
    """Places of a Python file, as its syntax tree gives them, as places in its text."""

    def __init__(self, source: str) -> None:
        """Remember where each line begins."""
        self.source = source
        self._lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node: ast.expr) -> int:
        """Where a node begins."""
        return self._place(node.lineno, node.col_offset)

    def end(self, node: ast.expr) -> int:
        """Where a node ends."""
        return self._place(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)

    def find(self, word: str, node: ast.expr) -> int:
        """Where a word stands first inside a node, after its beginning; the beginning where it does not."""
        start = self.start(node)
        found = re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", self.source[start + 1 : self.end(node)])
        return start + 1 + found.start() if found else start

    def _place(self, line: int, column: int) -> int:
        """``column`` counts bytes, as ast does."""
        text = self._lines[line - 1].encode()[:column].decode(errors="replace")
        return self._starts[line - 1] + len(text)


def uses_in_strings(tree: ast.Module, lines: Lines, affected: Affected) -> Iterator[Found]:
    """SQL in strings and f-strings, and columns that are named in others."""
    passed_over = {id(each) for each in _docstrings(tree)}
    passed_over |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(_part(each) for each in node.values)
            yield from _in_text(node, text, lines, affected, certain=False)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed_over:
            yield from _in_text(node, node.value, lines, affected, certain=True)


def _in_text(node: ast.expr, text: str, lines: Lines, affected: Affected, *, certain: bool) -> Iterator[Found]:
    if looks_like_sql(text):
        for found in uses_in_sql(text, affected):
            start = _in_source(node, text, found, lines)
            yield Found(start=start, word=found.word, what=found.what, why=found.why, certain=found.certain and certain)
        return
    for (table, column), why in affected.columns.items():
        name = f"{table.name}.{column}"
        if name in text and re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", text):
            yield Found(start=lines.find(name, node), word=name, what=f"{table}.{column}", why=why, certain=False)


def _part(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "$1"


def _in_source(node: ast.expr, text: str, found: Found, lines: Lines) -> int:
    """The word that was found, by its number among the same words of the text: escapes and joints move places."""
    word = re.compile(rf"(?<!\w){re.escape(found.word)}(?!\w)")
    number = len(word.findall(text[: found.start]))
    start = lines.start(node)
    places = [each.start() for each in word.finditer(lines.source[start : lines.end(node)])]
    return start + places[min(number, len(places) - 1)] if found.word and places else start


def _docstrings(tree: ast.Module) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value
