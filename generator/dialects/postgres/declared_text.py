"""A stretch of DDL made of units, and which unit and line a place in it belongs to."""

import re
from dataclasses import dataclass

from generator.dialects.postgres.split import Piece, line_of, split
from generator.model.declared import Unit


def is_script(unit: Unit) -> bool:
    """Whether the unit is an SQL file or a dump, with lines of its own; else it is a piece of models."""
    return unit.name == "database" or unit.name.startswith("file ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """``units`` are those whose DDL it is, each with the place at which its DDL begins."""

    sql: str
    units: tuple[tuple[int, Unit], ...]

    @classmethod
    def of(cls, parts: list[tuple[Unit, str]]) -> "Text":
        """The units' DDL in their order."""
        pieces, units, length = [], [], 0
        for unit, part in parts:
            units.append((length, unit))
            # A line of its own: the part may end in a comment.
            pieces.append(f"{part}\n;\n" if len(parts) > 1 else part)
            length += len(pieces[-1])
        return cls(sql="".join(pieces), units=tuple(units))

    @property
    def is_script(self) -> bool:
        """Whether it is an SQL file or a dump, which says all that it needs itself."""
        return is_script(self.units[0][1])

    def may_commit(self, statement: re.Pattern[str]) -> bool:
        """Whether a statement of it begins as ``statement`` does."""
        return bool(statement.search(self.sql)) and any(statement.match(piece.sql) for piece in split(self.sql))

    def unit_at(self, position: int) -> tuple[int, Unit]:
        """The unit that a character belongs to, and where it begins."""
        return [each for each in self.units if each[0] <= position][-1]

    def where(self, piece: Piece | None, position: int | None) -> str:
        """``file:line`` of the statement, or of a place in it (counted from 1); for models where the table is made."""
        at = (piece.start if piece else 0) + (position - 1 if position else 0)
        start, unit = self.unit_at(at)
        if not self.is_script:
            return unit.origin or unit.name
        file, _, first = unit.origin.rpartition(":")
        return f"{file}:{int(first) + line_of(self.sql[start:at], at - start) - 1}"
