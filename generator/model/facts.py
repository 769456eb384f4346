"""What a plan has to know beside the two schemas: gathered before planning, so that recipes stay pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.model.schema import QName


@dataclass(frozen=True, slots=True, kw_only=True)
class Retype:
    """What ALTER TYPE does to one column, seen on the scratch server: it rewrites the table or not, it needs USING or
    not, or there is no cast at all (``possible`` is False)."""

    possible: bool
    rewrites: bool
    needs_using: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """``version`` is the major version planned for.

    ``volatile_functions`` are the names of all functions which give another value for each row (pg_proc.provolatile);
    ``search_path`` are the namespaces in which expressions of a user look for operators and functions.
    ``retypes`` tell of every column whose type changes; ``stood_in`` are sentences about what stood in for an
    extension that the scratch server lacks.
    """

    version: int
    retypes: Mapping[tuple[QName, str], Retype] = field(default_factory=dict)
    stood_in: tuple[str, ...] = ()
    volatile_functions: frozenset[str] = frozenset()
    search_path: tuple[str, ...] = ()
