"""A place in the application's code that uses what a migration changes."""

from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """Whether the place was seen to use it, or only looks as if it did."""

    CERTAIN = "certain"
    LIKELY = "likely"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """``what`` is used at ``line`` and ``column`` of ``file`` (both counted from 1); ``why`` says what it meets then.

    ``text`` is the line itself, without the blanks around it.
    """

    file: str
    line: int
    column: int
    what: str
    why: str
    certainty: Certainty
    text: str
