"""What the proof saw."""

from dataclasses import dataclass
from enum import StrEnum

from generator.model.plan import Stage, TableLock
from generator.model.schema import QName


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A claim that did not hold: which check, the statement, what was expected, what was seen."""

    check: str
    where: str
    statement: str
    expected: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What one statement was seen to do to the tables that were there before the migration.

    ``step`` is the step's place in the plan, ``action`` the action's place in what the step runs (or, with ``undo``, in
    what undoes it) and ``statement`` the statement's place in the action, each from 0. ``locks`` are the strongest that
    the transaction held on each table once the statement had run, with those of the statements before it in the same
    transaction. ``reads`` is False where nothing is said of ``scans`` and ``rewrites``: of a script it is the
    planner's choice how it gets at its rows, and what runs outside a transaction is seen only while it waits.
    """

    step: int
    action: int
    statement: int
    undo: bool
    locks: tuple[TableLock, ...]
    reads: bool
    scans: tuple[QName, ...] = ()
    rewrites: tuple[QName, ...] = ()


class Version(StrEnum):
    """The version of the application that knows the old schema, and the one that knows the new one."""

    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One version of the application at work after a stage: of the statements that it ``tried``, so many ``worked``.

    The old version tries after a stage what it could do before the first one, the new version what it can do after the
    last one. ``failed`` says of the first few that did not work what they were to do.
    """

    version: Version
    stage: Stage
    tried: int
    worked: int
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What verify.sql said, row by row: before the first stage (``stage`` is None) or once ``stage`` had run."""

    stage: Stage | None
    done: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """``checks`` pairs each thing that was checked with how often; ``rows`` says what the tables held.

    ``observed``, ``trials`` and ``verified`` are what was seen on the way, where it was looked at.
    """

    server_version: str
    seconds: float
    rows: str
    checks: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    observed: tuple[Observed, ...] = ()
    trials: tuple[Trial, ...] = ()
    verified: tuple[Verified, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
