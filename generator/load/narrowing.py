"""Leaves out what is equal on both sides and far from every difference: on a thousand tables that is nearly all."""

from dataclasses import replace

from generator.model.declared import Declared, Unit


def narrow(old: Declared, new: Declared) -> tuple[Declared, Declared]:
    """Both sides with only the units that differ, those which hang on one that does, and what all of these need.

    Live databases and SQL files come back as they are, unless both sides' files are the same: then with no units.
    """
    if old.major or new.major or old.program or new.program:
        return old, new
    before = {unit.name: unit for unit in old.units}
    after = {unit.name: unit for unit in new.units}
    differing = {name for name in before.keys() | after.keys() if not _same(before.get(name), after.get(name))}
    if differing and any(name.startswith("file ") for name in before.keys() | after.keys()):
        return old, new
    hanging = {unit.name for unit in (*old.units, *new.units) if not differing.isdisjoint(_needs(unit))}
    keep: set[str] = set()
    pending = differing | hanging
    while pending:
        keep |= pending
        pending = {
            need for name in pending for side in (before, after) if name in side for need in _needs(side[name])
        } - keep
    return _only(old, keep), _only(new, keep)


def _same(old: Unit | None, new: Unit | None) -> bool:
    return old is not None and new is not None and (old.sql, old.late) == (new.sql, new.late)


def _needs(unit: Unit) -> tuple[str, ...]:
    return unit.needs + unit.late_needs


def _only(side: Declared, keep: set[str]) -> Declared:
    return replace(side, units=tuple(unit for unit in side.units if unit.name in keep))
