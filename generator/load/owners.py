"""Owners that a source names: which of the statements may make a difference."""

from collections.abc import Mapping

from generator.dialects.postgres.owner_text import may_name, naming
from generator.dialects.postgres.split import split
from generator.model.declared import Declared


def owner_statements(old: Declared, new: Declared) -> frozenset[str]:
    """The keys of those which the two sides do not say alike; none where one side names no owner at all.

    Two dumps of one database name the same owners a thousand times: these need not be looked at.
    """
    before = _named(old)
    after = _named(new) if before else {}
    if not after:
        return frozenset()
    return frozenset(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def all_owner_statements(side: Declared) -> frozenset[str]:
    """The keys of all statements on owners that a side has."""
    return frozenset(_named(side))


def _named(side: Declared) -> Mapping[str, list[str]]:
    """The roles that are named for each object, in their order."""
    found: dict[str, list[str]] = {}
    texts = (text for unit in side.units for text in (unit.sql, unit.late) if may_name(text))
    for each in (naming(piece.sql) for text in texts for piece in split(text)):
        if each is not None:
            found.setdefault(each.key, []).append(each.role)
    return found
