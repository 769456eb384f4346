"""The JSON Schemas in schemas/, made from the values that they describe. ``RECORD=1 pytest tests/render`` writes them.

answers.schema.json is written by hand: it describes the TOML that people write, not a value.
"""

import json
from typing import Any

from generator.model.json_schema import DIALECT, describe
from generator.model.proof import Proof
from generator.model.schema import Schema
from generator.render import check_json, plan_json, run_json
from generator.resources import folder

FOLDER = folder("schemas")


def document(name: str, of: Any, title: str, description: str, form: str = "") -> str:
    """The text of one schema; with ``form``, the document begins with that word in ``format``."""
    definitions: dict[str, Any] = {}
    root = describe(of, definitions)["$ref"].removeprefix("#/$defs/")
    described = definitions.pop(root)
    described["description"] = description
    if form:
        described["properties"] = {"format": {"const": form}, **described["properties"]}
        described["required"] = ["format", *described["required"]]
    head = {"$schema": DIALECT, "$id": f"urn:gen-migration:{name}:1", "title": title}
    return json.dumps({**head, **described, "$defs": definitions}, indent=2, ensure_ascii=False) + "\n"


MADE = {
    "plan.schema.json": document(
        "plan",
        plan_json.PlanFile,
        "plan.json, version 1",
        "The plan of a migration with its proof, beside its scripts. `files` maps each script's name to the SHA-256 of"
        " its bytes. `proof` is null with `--no-proof`; its `seconds` is 0: the same input writes the same bytes.",
        plan_json.FORMAT,
    ),
    "run.schema.json": document(
        "run",
        run_json.RunReport,
        "What gen-migration --json prints, version 1",
        "How a run ended, for exit codes 0 (written, or nothing to do), 1 (the proof failed), 2 (bad input), 3 (a"
        " question is open) and 4 (refused). `files` are the texts of all files by name, empty where nothing was"
        " written; `out` is the folder they are in, null where there is none.",
        run_json.FORMAT,
    ),
    "check.schema.json": document(
        "check",
        check_json.CheckReport,
        "What gen-migration check --format json prints, version 1",
        "What was found, the heaviest first; `exit_code` is the command's: 0 where nothing fails, 1 where something"
        " does, 3 where a question is open, 4 where something is refused. A finding with a reason in `allowed` was set"
        " aside.",
        check_json.FORMAT,
    ),
    "proof.schema.json": document("proof", Proof, "A proof, version 1", "What the proof saw."),
    "schema.schema.json": document(
        "schema", Schema, "A schema, version 1", "What one database holds, in PostgreSQL's own canonical texts."
    ),
}
