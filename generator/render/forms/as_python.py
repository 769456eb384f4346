"""Statements as Python strings, for runners whose migrations are Python files."""

from generator.render.units import Piece


def as_python(piece: Piece) -> str:
    """The statement as a Python string over several lines, where that can hold it."""
    for quotes in ('"""', "'''"):
        if quotes not in piece.sql and not piece.sql.endswith(("\\", quotes[0])):
            return f"r{quotes}\n{piece.sql}\n{quotes}"
    return repr(piece.sql)
