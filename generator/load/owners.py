"""Owners that the two sides name and that differ: no script changes them, so they are told with their statements."""

import re

from generator.dialects.postgres.split import split
from generator.model.declared import Declared

_NAME = r'(?:"(?:[^"]|"")+"|[\w$]+)'
_ROLE = rf"(?P<role>{_NAME})"
_KIND = (
    r"materialized\s+view|foreign\s+table|foreign\s+data\s+wrapper|event\s+trigger|text\s+search\s+\w+"
    r"|operator\s+(?:class|family)|procedural\s+language|large\s+object|[a-z]+"
)
_NAMED = (
    re.compile(
        rf"alter\s+(?P<kind>{_KIND})\s+(?:if\s+exists\s+)?(?:only\s+)?"
        rf"(?P<name>{_NAME}(?:\s*\.\s*{_NAME})?\s*(?:\(.*\))?[^()]*?)\s+owner\s+to\s+{_ROLE}",
        re.IGNORECASE | re.DOTALL,
    ),
    re.compile(
        rf"create\s+(?P<kind>schema)\s+(?:if\s+not\s+exists\s+)?(?P<name>{_NAME})\s+authorization\s+{_ROLE}",
        re.IGNORECASE,
    ),
)
_SESSION = ("current_user", "current_role", "session_user")
_RELATIONS = ("table", "view", "materialized view", "sequence", "foreign table")


def owner_notes(old: Declared, new: Declared) -> tuple[str, ...]:
    """A sentence for the objects whose owner both sides name, each another one; empty where there are none."""
    before, after = _owners(old), _owners(new)
    statements = []
    for key, (what, role) in after.items():
        match = before.get(key) or _alone(key, before, after)
        if match is not None and match[1] != role:
            statements.append(f"ALTER {what} OWNER TO {role};")
    if not statements:
        return ()
    return (
        "Owners differ, and no script changes them. When the migration is done, let a superuser or a member of both"
        " roles run: " + " ".join(statements),
    )


Owners = dict[tuple[str, str], tuple[str, str]]
"""By kind and name: what ALTER calls the object, and its owner as SQL."""


def _owners(side: Declared) -> Owners:
    """The last one that is named for each object."""
    found: Owners = {}
    for unit in side.units:
        for text in (unit.sql, unit.late):
            if not re.search(r"\bowner\s+to\b|\bauthorization\b", text, re.IGNORECASE):
                continue
            for piece in split(text):
                match = next((each for form in _NAMED if (each := form.fullmatch(piece.sql))), None)
                if match is None or match["role"].lower() in _SESSION:
                    continue
                kind = " ".join(match["kind"].lower().split())
                key = ("relation" if kind in _RELATIONS else kind, _plain(match["name"]))
                found[key] = (f"{kind.upper()} {' '.join(match['name'].split())}", _folded(match["role"]))
    return found


def _plain(name: str) -> str:
    """The name by which the same object is called on both sides: without ``public``, and without needless quotes."""
    folded = re.sub(r'"(?:[^"]|"")+"|[^"\s]+|\s+', lambda part: _folded(part[0]), name)
    return re.sub(r"\s+", " ", re.sub(r"\s*([.,()])\s*", r"\1", folded)).removeprefix("public.").strip()


def _folded(text: str) -> str:
    if not text.startswith('"'):
        return text.lower()
    return text[1:-1] if re.fullmatch(r'"[a-z_][a-z0-9_$]*"', text) else text


def _alone(key: tuple[str, str], before: Owners, after: Owners) -> tuple[str, str] | None:
    """The one routine of that name on the other side: types of arguments are written in more than one way."""
    kind, name = key[0], key[1].partition("(")[0]
    if "(" not in key[1] and kind not in ("function", "procedure", "aggregate", "routine"):
        return None
    same = [
        [each for each in side if each[0] == kind and each[1].partition("(")[0] == name] for side in (before, after)
    ]
    return before[same[0][0]] if [len(each) for each in same] == [1, 1] else None
