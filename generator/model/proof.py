"""What the proof saw."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A claim that did not hold: which check, the statement, what was expected, what was seen."""

    check: str
    where: str
    statement: str
    expected: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """``checks`` pairs each thing that was checked with how often; ``rows`` says what the tables held."""

    server_version: str
    seconds: float
    rows: str
    checks: tuple[tuple[str, int], ...] = ()
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
