"""What belongs to an object that is known by its definition, and so goes when that goes."""

from collections.abc import Iterable

from generator.model.schema import Other, QName
from generator.model.words import quoted

RELATIONS = ("view", "materialized view", "foreign table")
_ROUTINES = ("function", "procedure", "aggregate")


def goes_with(other: Other, gone: Other) -> bool:
    """Whether dropping ``gone`` takes the other one along."""
    if other is gone:
        return False
    if gone.kind in RELATIONS and other.kind not in RELATIONS and other.table is not None:
        return _words(other.table) == gone.name
    match other.kind:
        case "publication table" | "publication schema":
            return gone.kind == "publication" and other.name.split(": ", 1)[0] == gone.name
        case "comment":
            of = other.name.removeprefix("on ").replace("statistics object", "statistics", 1)
            inside = gone.kind in RELATIONS and of.startswith(f"{gone.kind} column {gone.name}.")
            return inside or of == f"{gone.kind} {gone.name}"
        case "rights":
            return gone.kind in _ROUTINES and other.name in (f"{kind} {gone.name}" for kind in _ROUTINES)
        case _:
            return False


def left_by(others: Iterable[Other], gone: Other) -> tuple[Other, ...]:
    """The others without the one that is dropped, and without all that goes with it."""
    kept, going = [each for each in others if each != gone], [gone]
    while going:
        one = going.pop()
        # Another kind of view has taken its name already, and what belongs to that stays.
        taken = any(each.kind in RELATIONS and each.name == one.name for each in kept)
        going += [each for each in kept if goes_with(each, one) and not (taken and each.table is not None)]
        kept = [each for each in kept if each not in going]
    return tuple(kept)


def _words(table: QName) -> str:
    """The name as the catalog writes it."""
    parts = (table.name,) if table.schema == "public" else (table.schema, table.name)
    return ".".join(quoted(part) for part in parts)
