"""The JSON Schemas are schemas, and hold for what is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = sorted((ROOT / "schemas").glob("*.json"))
PLANS = sorted((ROOT / "examples").glob("*/expected/plan.json"))


def read(path: Path) -> Any:
    return json.loads(path.read_text())


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_one(path: Path) -> None:
    Draft202012Validator.check_schema(read(path))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_says_what_it_describes(path: Path) -> None:
    schema = read(path)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.parts[-3])
def test_a_plan_that_was_written_is_described_by_its_schema(path: Path) -> None:
    schema = next(each for each in SCHEMAS if each.name.startswith("plan"))
    Draft202012Validator(read(schema)).validate(read(path))
