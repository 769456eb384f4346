"""Many things of one kind said in one line: sixty tables with the same lock are one fact, not sixty."""

from collections import Counter
from collections.abc import Iterable, Sequence

from generator.render.stages import Hold


def named(names: Sequence[str], most: int) -> str:
    """``a, b, c and 57 more``: at most ``most`` names; one more rather than ``and 1 more``."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def grouped_holds(holds: Iterable[Hold], most: int) -> tuple[str, ...]:
    """One line for all tables with the same lock: ``customers, users: ACCESS EXCLUSIVE, blocks reads and writes``."""
    tables: dict[str, list[str]] = {}
    for hold in holds:
        tables.setdefault(f"{hold.mode}, {hold.words}", []).append(str(hold.table))
    return tuple(f"{named(names, most)}: {words}" for words, names in tables.items())


def grouped_losses(losses: Iterable[str], most: int) -> tuple[str, ...]:
    """One line for all losses that say the same of different things: ``what was written into it: t.a, t.b``.

    The thing stands after a colon, or is the last word: ``what was written into t.a``.
    """
    every = tuple(losses)
    beginnings = Counter(loss.rpartition(" ")[0] for loss in dict.fromkeys(every) if ": " not in loss)
    things: dict[str, list[str]] = {}
    for loss in every:
        what, colon, thing = loss.rpartition(": ")
        if not colon and beginnings[loss.rpartition(" ")[0]] > 1:
            what, colon, thing = loss.rpartition(" ")
        things.setdefault(what if colon else loss, []).extend([thing] if colon else [])
    return tuple(f"{what}: {named(names, most)}" if names else what for what, names in things.items())
