"""What the parts of the proof saw, gathered while they run side by side."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from generator.model.proof import Finding, Observed, Trial, Verified

_MOST_FINDINGS = 50


@dataclass(slots=True)
class Report:
    """Counts of what was checked, by the words of the summary; findings; notes. Safe to write from several threads.

    ``observed``, ``trials`` and ``verified`` are each written by one part of the proof alone.
    """

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    observed: list[Observed] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    verified: list[Verified] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def count(self, check: str, times: int = 1) -> None:
        """Say that something was checked."""
        with self._lock:
            self.counts[check] += times

    def find(self, check: str, where: str, statement: str, expected: str, seen: str) -> None:
        """Say that a claim does not hold. The same thing found again, and more than fifty things, are left out."""
        finding = Finding(check=check, where=where, statement=statement, expected=expected, seen=seen)
        with self._lock:
            if finding not in self.findings and len(self.findings) < _MOST_FINDINGS:
                self.findings.append(finding)

    def note(self, sentence: str) -> None:
        """Say something a reader should know about how this was proved."""
        with self._lock:
            if sentence not in self.notes:
                self.notes.append(sentence)
