"""What is set aside in place: ``-- gen-migration: allow CODE because …``, in SQL or (with ``#``) in Python.

It stands on the line itself, on one of the lines of a statement, or on comment lines right above.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from generator.errors import BadInput
from generator.model.check import Place
from generator.model.hazards import codes

_COMMENT = re.compile(r"(?:--|#)\s*gen-migration:\s*(?P<rest>.*?)\s*$")
_ALLOW = re.compile(r"allow\s+(?P<code>[\w-]+)\s*(?:because\s+(?P<reason>\S.*))?$")
_FORM = "Write  gen-migration: allow CODE because REASON  behind -- or #."


def reason_for(code: str, where: Place) -> str:
    """The reason with which a code is set aside at this place; empty where it is not. Raises BadInput."""
    if not where.file or not where.line or not Path(where.file).is_file():
        return ""
    said = _comments(where.file)
    lines = _lines(where.file)
    first = where.line
    while first > 1 and re.match(r"\s*(--|#)", lines[first - 2]):
        first -= 1
    for number in range(first, max(where.end_line, where.line) + 1):
        reason = said.get(number, {}).get(code)
        if reason:
            return reason
    return ""


def _lines(file: str) -> tuple[str, ...]:
    return tuple(Path(file).read_text(encoding="utf-8", errors="replace").splitlines())


def _comments(file: str) -> Mapping[int, Mapping[str, str]]:
    """By line and code the reason. Raises BadInput for a comment of ours that is not understood."""
    found: dict[int, dict[str, str]] = {}
    for number, line in enumerate(_lines(file), 1):
        comment = _COMMENT.search(line)
        if comment is None:
            continue
        allow = _ALLOW.match(comment["rest"])
        if allow is None:
            raise BadInput(f"{file}:{number}: “{comment['rest']}” is not understood.", _FORM)
        if allow["code"] not in codes():
            raise BadInput(
                f"{file}:{number}: {allow['code']} is not the code of a hazard.", "docs/hazards/README.md lists them."
            )
        if not allow["reason"]:
            raise BadInput(f"{file}:{number}: {allow['code']} is set aside without a reason.", _FORM)
        found.setdefault(number, {})[allow["code"]] = allow["reason"]
    return found
