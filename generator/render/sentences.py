"""Texts as sentences, and figures in words."""

from generator.model.statistics import Estimate


def full_stop(text: object) -> str:
    """The text with one full stop at its end, whether it had one or not."""
    said = str(text).rstrip()
    return said if said.endswith((".", "?", "!")) else f"{said}."


def estimate(value: Estimate) -> str:
    """``about 1,200,000 rows in 24 s: 180 MB read at 150 MB/s``, or that the statistics do not tell."""
    rows = "an unknown number of rows" if value.rows is None else f"about {value.rows:,} rows"
    return f"{rows}, in {_time(value.seconds)}: {value.how}"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "a time that the statistics do not tell"
    if seconds < 1:
        return "less than a second"
    if seconds < 120:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 7200 else f"about {seconds / 3600:.1f} h"
