"""SQLAlchemy's DDL is not the same for every release of PostgreSQL; which one counts is known late."""

from dataclasses import replace

from generator.model.declared import Declared


def for_release(declared: Declared, major: int) -> Declared:
    """What is declared, as it reads for a server of that major version."""
    if major >= 18 or not any(unit.before_18 for unit in declared.units):
        return declared
    return replace(declared, units=tuple(replace(unit, sql=unit.before_18 or unit.sql) for unit in declared.units))
