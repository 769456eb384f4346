"""Families of values: the value with the number k of a type, as text that PostgreSQL reads.

A column's rows get the values of one family, so a value is unique where the number is, and a column that refers to
another gets the same values from the same numbers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Values by number. ``text`` gives another text for every number below ``size`` (None: without end).

    ``plain`` families hold everyday values that survive arithmetic and casts; the others hold the edges of the type.
    """

    name: str
    text: Callable[[int], str | None]
    size: int | None = None
    plain: bool = True

    def value(self, number: int) -> str | None:
        """The value of a number; beyond ``size`` they come round again."""
        return self.text(number % self.size if self.size else number)


def cycle(name: str, values: Sequence[str], *, plain: bool = True) -> Family:
    """The values given, one after the other."""
    fixed = tuple(values)
    return Family(name=name, text=fixed.__getitem__, size=len(fixed), plain=plain)


def edges_first(name: str, edges: Sequence[str], rest: Callable[[int], str | None], size: int | None = None) -> Family:
    """The edges of a type, and after them the values of ``rest``, which must hold none of the edges."""
    fixed = tuple(edges)

    def text(number: int) -> str | None:
        return fixed[number] if number < len(fixed) else rest(number)

    return Family(name=name, text=text, size=size, plain=False)
