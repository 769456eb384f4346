"""Makes findings: each gets its weight from the policy, its place from the sources, and may be set aside there."""

from dataclasses import dataclass, field, replace

from generator.check.comments import reason_for
from generator.check.places import Places
from generator.model.check import Finding, Place, Severity
from generator.model.policy import Policy


@dataclass(slots=True, kw_only=True)
class Judge:
    """Gathers what is found, in the order in which it is found; the same thing once."""

    policy: Policy
    places: Places
    findings: list[Finding] = field(default_factory=list)

    def find(
        self,
        code: str,
        message: str,
        *,
        effect: str,
        way_out: str,
        about: str = "",
        where: Place | None = None,
        small: bool = False,
    ) -> None:
        """Say that something was found. ``about`` is a key (``customers.user_id``), looked up where ``where`` is None.

        ``small`` says that only small tables are concerned, so that it is no more than a note. Raises BadInput for a
        comment at the place which is not understood.
        """
        place = where if where is not None else self.places.of(about) if about else Place()
        severity = self.policy.severity(code)
        if severity is Severity.OFF:
            return
        if small and severity is not Severity.NOTE:
            severity = Severity.NOTE
        finding = Finding(
            code=code,
            severity=severity,
            where=place if place.object else replace(place, object=about),
            message=message,
            effect=effect,
            way_out=way_out,
            allowed=self._reason(code, place, about),
        )
        if finding not in self.findings:
            self.findings.append(finding)

    def _reason(self, code: str, place: Place, about: str) -> str:
        for each in self.policy.allow:
            if each.code == code and each.object in ("", about, place.object):
                return each.reason
        return reason_for(code, place)

    def sorted(self) -> tuple[Finding, ...]:
        """The heaviest first, what was set aside last; else as they were found."""
        order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2, Severity.OFF: 3}
        return tuple(sorted(self.findings, key=lambda each: (bool(each.allowed), order[each.severity])))
