"""What every form of a check says alike: counts, places, durations."""

from generator.model.check import Check, Finding, Place, Severity
from generator.model.statistics import Estimate

_PLURAL = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}


def verdict(check: Check) -> str:
    """``2 errors, 1 warning``, or ``nothing found``; what was set aside is counted apart."""
    parts = []
    for severity, plural in _PLURAL.items():
        count = len(check.of(severity))
        if count:
            parts.append(f"{count} {plural if count > 1 else severity}")
    aside = sum(bool(each.allowed) for each in check.findings)
    parts += [f"{aside} set aside"] if aside else []
    return ", ".join(parts) or "nothing found"


def at(place: Place) -> str:
    """``models.py:12``, or the thing it is about where no line is known."""
    if place.file:
        return f"{place.file}:{place.line}" if place.line else place.file
    return place.object


def told(finding: Finding) -> str:
    """The whole finding in one paragraph, for forms that have room for a text only."""
    said = f"{finding.message} {finding.effect}"
    if finding.way_out:
        said += f" Way out: {finding.way_out}"
    return said + (f" Set aside: {finding.allowed}" if finding.allowed else "")


def duration(estimate: Estimate) -> str:
    """``a few ms``, ``about 4 s``, ``about 2 h``; what is not known is said."""
    seconds = estimate.seconds
    if seconds is None:
        return "not known: never analysed"
    if seconds < 0.1:
        return "a few ms"
    if seconds < 100:
        return f"about {seconds:.1f} s" if seconds < 10 else f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 6000 else f"about {seconds / 3600:.1f} h"


def in_short(text: str, most: int = 90) -> str:
    """A statement on one line, cut where it is longer."""
    short = " ".join(text.split())
    return short if len(short) <= most else short[: most - 1] + "…"


def heading(text: str) -> str:
    """A finding's first sentence, for titles."""
    return in_short(text, 120)
