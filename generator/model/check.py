"""What a check found: each thing with its code, where it is, what it does and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from generator.model.plan import Stage, TableLock
from generator.model.schema import QName
from generator.model.statistics import Estimate


class Severity(StrEnum):
    """How much a finding weighs, lightest first. Only an error fails the check; what is off is not shown."""

    OFF = "off"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class CheckForm(StrEnum):
    """The forms in which a check is told, as ``--format`` names them."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something is: a file with its lines (from 1; 0 where none is known), and the thing it is about.

    ``object`` is a key as in the answers file (``customers.user_id``) or a name; empty where it is about everything.
    """

    file: str = ""
    line: int = 0
    end_line: int = 0
    object: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a reviewer must know. ``code`` is one of ``hazards.HAZARDS``.

    ``allowed`` is the reason with which it was set aside in place; then it weighs nothing, and is still shown.
    """

    code: str
    severity: Severity
    where: Place
    message: str
    effect: str
    way_out: str
    allowed: str = ""

    @property
    def fails(self) -> bool:
        """Whether the check fails by it."""
        return self.severity is Severity.ERROR and not self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One statement of a script that was run, and what was seen of it, on tables that were there before the script.

    ``locks`` are those that it took; ``kept`` those that its transaction held already. ``writes_all`` are tables of
    which it wrote every row, ``empties`` those that had rows and have none after it; ``rows`` is how many it wrote,
    None where it wrote none. ``waits`` is set where no lock_timeout was. ``blocked`` says what the application could
    not do while the locks were held. ``error`` is what the server said where it failed; ``unwatched`` what could not
    be seen of it, and why.
    """

    file: str
    line: int
    end_line: int
    sql: str
    locks: tuple[TableLock, ...] = ()
    kept: tuple[TableLock, ...] = ()
    scans: tuple[QName, ...] = ()
    rewrites: tuple[QName, ...] = ()
    writes_all: tuple[QName, ...] = ()
    empties: tuple[QName, ...] = ()
    rows: int | None = None
    in_transaction: bool = False
    waits: bool = False
    blocked: tuple[str, ...] = ()
    error: str = ""
    unwatched: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageInBrief:
    """One stage of the plan: what it does, a sentence a step, and how long the application waits at worst."""

    stage: Stage
    steps: tuple[str, ...]
    waits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What was checked, and what was found.

    ``subject`` names it; ``changes`` say in one line each what changes; ``passed`` are sentences about what was looked
    at and is as it should be; ``stages`` are the staged form of the change, where one could be planned, and ``command``
    is the command that writes it. ``observed`` tells of a script statement by statement; ``estimates`` of the plan's
    statements on a live database.
    """

    subject: str
    server_version: str
    findings: tuple[Finding, ...] = ()
    changes: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stages: tuple[StageInBrief, ...] = ()
    command: str = ""
    observed: tuple[Observed, ...] = ()
    estimates: tuple[Estimate, ...] = ()

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        """The findings of one weight that were not set aside."""
        return tuple(each for each in self.findings if each.severity is severity and not each.allowed)

    @property
    def holds(self) -> bool:
        """Whether nothing makes it fail."""
        return not any(each.fails for each in self.findings)

    @property
    def exit_code(self) -> int:
        """0 where it holds; 4 where something is refused, 3 where a question is open, 1 for all else."""
        failing = {each.code for each in self.findings if each.fails}
        for code, number in _EXIT_CODES.items():
            if code in failing:
                return number
        return 1 if failing else 0


_EXIT_CODES = {"change-refused": 4, "question-open": 3}
"""The codes of findings that end a check as they end a run without ``check``."""
