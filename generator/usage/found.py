"""What a reader of code has found at a place in a text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``start`` is the place in the text, counted from 0; ``word`` is what stands there.

    ``certain`` is False where the code only looks as if it used ``what``.
    """

    start: int
    word: str
    what: str
    why: str
    certain: bool
