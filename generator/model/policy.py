"""What a project has settled for all its runs: sources, output, and what a check may find."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.model.check import Severity
from generator.model.hazards import kind_of
from generator.model.plan import LockMode

EVERY_TABLE = "*"
"""The key that stands for every table that is not named itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """Something that is set aside, and why: a code, for everything (``object`` is empty) or for one thing."""

    code: str
    object: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Everything is as an option of the command line of the same name; what is not said is None or empty.

    ``file`` is where it stands. ``hazards`` gives codes another weight; ``locks`` the strongest mode that may be taken
    on a table (keys as in the answers file, ``*`` for all others); ``small`` are tables for which a scan or a rewrite
    under a lock is no more than a note; ``longest`` is how many seconds a statement may stop the application, where
    that can be estimated.
    """

    file: str = ""
    old: str | None = None
    new: str | None = None
    answers: str | None = None
    rows: str | None = None
    out: str | None = None
    to: str | None = None
    templates: str | None = None
    code: tuple[str, ...] = ()
    migrations: tuple[str, ...] = ()
    server: str | None = None
    pg: int | None = None
    prove: bool = True
    format: tuple[str, ...] = ()
    hazards: Mapping[str, Severity] = field(default_factory=dict)
    locks: Mapping[str, LockMode] = field(default_factory=dict)
    small: frozenset[str] = frozenset()
    longest: float = 1.0
    allow: tuple[Allowed, ...] = ()

    def severity(self, code: str) -> Severity:
        """How much a code weighs here."""
        return self.hazards.get(code, kind_of(code).severity)

    def strongest(self, table: str) -> LockMode | None:
        """The strongest lock that may be taken on a table, None where any may."""
        return self.locks.get(table, self.locks.get(EVERY_TABLE))
