"""Tables that a source refers to and that are not its own: Supabase's ``auth.users`` beside a schema of Drizzle.

A table with the columns that are referred to stands in for each. It has to be on both sides, or it would look made.
"""

from dataclasses import replace

from generator.model.declared import Declared, Unit
from generator.model.schema import QName

PREFIX = "outside "
"""How the names of such units begin; the table's schema and name follow, with a zero byte between them."""


def outside_unit(name: QName, sql: str, origin: str) -> Unit:
    """A unit that stands in for a table of others."""
    return Unit(name=f"{PREFIX}{name.schema}\0{name.name}", sql=sql, origin=origin)


def outside_tables(declared: Declared) -> frozenset[QName]:
    """The tables of others that the source refers to."""
    units = (unit.name.removeprefix(PREFIX) for unit in declared.units if unit.name.startswith(PREFIX))
    return frozenset(QName(*name.split("\0")) for name in units)


def share_outside(old: Declared, new: Declared) -> tuple[Declared, Declared]:
    """Both sides with what either refers to outside, where both come from Drizzle's snapshots."""
    if not (old.snapshot and new.snapshot):
        return old, new
    widest: dict[str, Unit] = {}
    for unit in (*old.units, *new.units):
        if unit.name.startswith(PREFIX):
            widest[unit.name] = max(unit, widest.get(unit.name, unit), key=lambda each: len(each.sql))
    return _with(old, widest), _with(new, widest)


def _with(side: Declared, shared: dict[str, Unit]) -> Declared:
    own = [unit for unit in side.units if not unit.name.startswith(PREFIX)]
    return replace(side, units=(*shared.values(), *own)) if shared else side
