"""plan.json: the plan, its proof and its scripts' checksums, for programs.

The same input writes the same bytes: how long the proof took is left out here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from generator.errors import BadInput
from generator.model.plan import Plan
from generator.model.proof import Proof
from generator.model.wire import WireError, from_json, to_json

FORMAT = "gen-migration/plan/1"
"""The first field of the file. The number goes up with every change that an old reader would not understand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """What plan.json holds. ``proof.seconds`` is 0; ``files`` maps the scripts' names to the SHA-256 of their bytes."""

    plan: Plan
    proof: Proof | None
    files: Mapping[str, str]


def render_plan_json(plan: Plan, proof: Proof | None, files: Mapping[str, str]) -> str:
    """The text of plan.json. ``files`` are the scripts' texts by name."""
    checksums = {name: checksum(text.encode()) for name, text in files.items()}
    timeless = replace(proof, seconds=0.0) if proof else None
    document = {"format": FORMAT, **to_json(PlanFile(plan=plan, proof=timeless, files=checksums))}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read_plan_json(text: str, name: str = "plan.json") -> PlanFile:
    """The file's value again. Raises BadInput, with the place, where it is not of this form."""
    try:
        document: dict[str, Any] = json.loads(text)
        if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
            raise WireError(f'"format" is not "{FORMAT}"')
        return from_json(PlanFile, document, "plan.json")
    except ValueError as error:
        raise BadInput(f"{name}: {error}", "Write it anew with this version of gen-migration.") from error


def checksum(content: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return sha256(content).hexdigest()
