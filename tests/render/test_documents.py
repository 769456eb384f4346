"""The documents that leave the program: described by their schemas, read back as they were."""

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from generator.errors import BadInput
from generator.model.plan import Plan
from generator.model.proof import Proof
from generator.model.wire import to_json
from generator.render.plan_json import PlanFile, checksum, read_plan_json, render_plan_json
from generator.render.run_json import Failure, RunReport, render_run_json
from tests.render.plans import FAILED, FILES, LINK_CUSTOMERS, PROOF, QUESTION, REFUSAL, WITH_CLEANUP
from tests.schemas import FOLDER, MADE

ROOT = Path(__file__).resolve().parents[2]


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / name).read_text()))


@pytest.mark.parametrize("name", MADE)
def test_a_schema_is_made_from_the_values(name: str) -> None:
    if os.environ.get("RECORD"):
        (FOLDER / name).write_text(MADE[name])
    assert (FOLDER / name).read_text() == MADE[name], "RECORD=1 pytest tests/render/test_documents.py writes it anew"


@pytest.mark.parametrize("plan", [LINK_CUSTOMERS, WITH_CLEANUP])
@pytest.mark.parametrize("proof", [None, PROOF, FAILED])
def test_a_plan_file_is_described_by_its_schema_and_read_back(plan: Plan, proof: Proof | None) -> None:
    text = render_plan_json(plan, proof, FILES)
    validator("plan.schema.json").validate(json.loads(text))
    read = read_plan_json(text)
    assert read.plan == plan
    assert (read.proof is None) == (proof is None)
    assert read.files["verify.sql"] == checksum(FILES["verify.sql"].encode())


def test_the_same_plan_writes_the_same_bytes_however_long_the_proof_took() -> None:
    from dataclasses import replace

    slow = replace(PROOF, seconds=99.0)
    assert render_plan_json(LINK_CUSTOMERS, PROOF, FILES) == render_plan_json(LINK_CUSTOMERS, slow, FILES)


def test_a_schema_lets_nothing_else_in() -> None:
    document = json.loads(render_plan_json(LINK_CUSTOMERS, PROOF, FILES))
    for place, key in ((document, "more"), (document["plan"], "more"), (document["plan"]["steps"][0]["undo"], "is")):
        before = dict(place)
        place[key] = "something else"
        with pytest.raises(ValidationError):
            validator("plan.schema.json").validate(document)
        place.clear()
        place.update(before)
    validator("plan.schema.json").validate(document)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "gen-migration/plan/2"}', '{"format": "x", "plan": 1}'])
def test_another_file_is_no_plan(text: str) -> None:
    with pytest.raises(BadInput, match=r"^mine\.json: "):
        read_plan_json(text, "mine.json")


def test_a_plan_file_that_was_spoilt_is_refused_with_the_place() -> None:
    document = json.loads(render_plan_json(LINK_CUSTOMERS, None, FILES))
    document["plan"]["steps"][2]["stage"] = "later"
    with pytest.raises(BadInput, match=r"plan\.json\.plan\.steps\[2\]\.stage: expected one of"):
        read_plan_json(json.dumps(document))


@pytest.mark.parametrize(
    "report",
    [
        RunReport(exit_code=0, plan=LINK_CUSTOMERS, proof=PROOF, files=FILES, out="migration"),
        RunReport(exit_code=0, notes=("the order of the columns of customers differs",)),
        RunReport(exit_code=1, plan=LINK_CUSTOMERS, proof=FAILED),
        RunReport(exit_code=2, error=Failure(message="old.py:3: SyntaxError", way_out="")),
        RunReport(exit_code=3, questions=(QUESTION,)),
        RunReport(exit_code=4, refusals=(REFUSAL,)),
    ],
    ids=lambda report: str(report.exit_code),
)
def test_what_json_prints_is_described_by_its_schema(report: RunReport) -> None:
    validator("run.schema.json").validate(json.loads(render_run_json(report)))


def test_a_proof_alone_is_described_by_its_schema() -> None:
    validator("proof.schema.json").validate(json.loads(json.dumps(to_json(FAILED))))
    assert to_json(PlanFile(plan=LINK_CUSTOMERS, proof=FAILED, files={}))["proof"] == to_json(FAILED)


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*/answers.toml")), ids=lambda path: path.parts[-2])
def test_the_answers_of_the_examples_are_described_by_their_schema(path: Path) -> None:
    validator("answers.schema.json").validate(tomllib.loads(path.read_text()))


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('[backfill]\n"t.c" = "1"', True),
        ('[backfill."t.c"]\nvalue = "u.id"\nfrom = "u"\nmatch = ["a"]\nunmatched = "leave"', True),
        ('[backfill."t.c"]\nvalue = "u.id"\nmatch = ["a"]', False),
        ('[backfill."t.c"]\nfrom = "u"', False),
        ('[backfill."t.c"]\nunmatched = "stop"', True),
        ('[backfill."t.c"]\nunmatched = "leave"', False),
        ('[apart]\n"t.a" = ["t.b", "t.c"]', True),
        ('[accept]\nloses = ["t.a"]\nlocks = ["t"]\nbreaks = []', True),
        ('[accept]\neverything = ["t"]', False),
        ('[renames]\n"a" = "b"', False),
    ],
)
def test_the_answers_schema_knows_good_from_bad(text: str, good: bool) -> None:
    data: dict[str, Any] = tomllib.loads(text)
    assert validator("answers.schema.json").is_valid(data) == good
