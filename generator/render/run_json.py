"""What ``--json`` prints: one document for every way in which a run ends."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.model.answers import Question, Refusal
from generator.model.plan import Plan
from generator.model.proof import Proof
from generator.model.usage import Usage
from generator.model.wire import to_json

FORMAT = "gen-migration/run/1"
"""The first field of the document. The number goes up with every change that an old reader would not understand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a run ended without an outcome, and what to do about it."""

    message: str
    way_out: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """How a run ended. ``exit_code`` as in the README.

    ``plan`` is null where there is nothing to do or none could be made. ``files`` are the texts of all files by name;
    it is empty where the proof failed. ``out`` is the folder that they were written to, or null. ``usages`` are places
    in the application's code, null where no code was named.
    """

    exit_code: int
    plan: Plan | None = None
    proof: Proof | None = None
    questions: tuple[Question, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    usages: tuple[Usage, ...] | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    out: str | None = None
    error: Failure | None = None


def render_run_json(report: RunReport) -> str:
    """The text of the document."""
    return json.dumps({"format": FORMAT, **to_json(report)}, indent=2, ensure_ascii=False) + "\n"
