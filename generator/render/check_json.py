"""A check as one JSON document, described by ``schemas/check.schema.json``."""

import json
from dataclasses import dataclass

from generator.model.check import Check
from generator.model.wire import to_json

FORMAT = "gen-migration/check/1"
"""The first field of the document. The number goes up with every change that an old reader would not understand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """The check, and the exit code that goes with it."""

    exit_code: int
    check: Check


def render_check_json(check: Check) -> str:
    """The text of the document."""
    report = CheckReport(exit_code=check.exit_code, check=check)
    return json.dumps({"format": FORMAT, **to_json(report)}, indent=2, ensure_ascii=False) + "\n"
