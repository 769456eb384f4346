"""Texts that a regular expression takes, so that checks with a pattern can be satisfied.

PostgreSQL's expressions and Python's are close enough; whether a text really fits is what the server says.
"""

import re
import string
from collections.abc import Callable, Iterable
from typing import Any

_CLASSES = {
    "CATEGORY_DIGIT": string.digits,
    "CATEGORY_WORD": string.ascii_lowercase + string.digits,
    "CATEGORY_SPACE": " ",
}
_ALPHABET = string.ascii_lowercase + string.digits + string.ascii_uppercase + "-_.@/: "
_LENGTH = 6
"""How often what may come any number of times is written, so that many different texts come out."""


def from_pattern(pattern: str) -> Callable[[int], str] | None:
    """A text for every number, different ones where the pattern has room for it; None where it is not understood."""
    try:
        from re import _parser  # type: ignore[attr-defined]

        tree = _parser.parse(pattern.replace("[[:alnum:]]", "[a-z0-9]").replace("[[:digit:]]", "[0-9]"))
        _write(tree, [0])
    except (ImportError, re.error, NotImplementedError, ValueError):
        return None
    return lambda number: _write(tree, [number])


def _write(tree: Iterable[Any], left: list[int]) -> str:
    """Write from the end, where the places of a number change first; ``left`` holds what is still to be written."""
    return "".join(reversed([_one(str(kind), argument, left) for kind, argument in reversed(list(tree))]))


def _one(kind: str, argument: Any, left: list[int]) -> str:
    if kind == "LITERAL":
        return chr(argument)
    if kind in ("AT", "ASSERT", "ASSERT_NOT"):
        return ""
    if kind == "ANY":
        return _pick(_ALPHABET[:36], left)
    if kind == "NOT_LITERAL":
        return _pick([each for each in _ALPHABET if each != chr(argument)], left)
    if kind == "IN":
        return _pick(_choices(argument), left)
    if kind == "SUBPATTERN":
        return _write(argument[-1], left)
    if kind == "BRANCH":
        return _write(argument[1][0], left)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        times = max(least, min(most, _LENGTH)) if most > 1 else least
        return "".join(reversed([_write(inner, left) for _ in range(times)]))
    raise NotImplementedError(kind)


def _pick(choices: Iterable[str], left: list[int]) -> str:
    fixed = list(choices)
    left[0], place = divmod(left[0], len(fixed))
    return fixed[place]


def _choices(members: Iterable[tuple[Any, Any]]) -> list[str]:
    found: list[str] = []
    negated = False
    for kind, argument in members:
        match str(kind):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found.append(chr(argument))
            case "RANGE":
                found += [chr(code) for code in range(argument[0], min(argument[1], argument[0] + 100) + 1)]
            case "CATEGORY":
                found += _CLASSES.get(str(argument), _ALPHABET)
    return [each for each in _ALPHABET if each not in found] if negated else found
