"""The forms of a check: each is what those who read it take, and says the same."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

from generator.model.check import Check, CheckForm, Severity
from generator.model.wire import from_json
from generator.render.check_forms import render_check
from generator.render.check_json import FORMAT, CheckReport
from generator.render.check_words import duration, verdict
from generator.render.paint import Paint
from generator.resources import folder
from tests.render.checks import ASIDE, FAILS, HOLDS, SCAN

FIXTURES = Path(__file__).parent / "fixtures"


def text(check: Check, form: CheckForm) -> str:
    return render_check(check, form, Paint())


@pytest.mark.parametrize("check", [FAILS, HOLDS], ids=["fails", "holds"])
def test_json_is_described_by_its_schema_and_can_be_read_back(check: Check) -> None:
    document: dict[str, Any] = json.loads(text(check, CheckForm.JSON))
    schema = json.loads((folder("schemas") / "check.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    assert document.pop("format") == FORMAT
    assert from_json(CheckReport, document) == CheckReport(exit_code=check.exit_code, check=check)


@pytest.mark.parametrize("check", [FAILS, HOLDS], ids=["fails", "holds"])
def test_sarif_is_accepted_by_the_official_schema(check: Check) -> None:
    schema = json.loads((FIXTURES / "sarif-schema-2.1.0.json").read_text())
    Draft4Validator.check_schema(schema)
    document = json.loads(text(check, CheckForm.SARIF))
    Draft4Validator(schema).validate(document)
    document["runs"][0]["results"] = [{"level": "fatal"}]
    assert not Draft4Validator(schema).is_valid(document)


def test_sarif_tells_place_weight_and_what_was_set_aside() -> None:
    (run,) = json.loads(text(FAILS, CheckForm.SARIF))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    first, *_, last = run["results"]
    assert rules[first["ruleIndex"]] == first["ruleId"] == "scan-under-lock"
    physical = first["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "db/a%20migration%2C%20100%25.sql"
    assert physical["region"] == {"startLine": 6, "endLine": 8}
    assert [each["level"] for each in run["results"]] == ["error", "warning", "note", "error"]
    assert last["suppressions"] == [{"kind": "inSource", "justification": ASIDE.allowed}]
    assert all("suppressions" not in each for each in run["results"][:-1])


def test_github_gets_an_annotation_on_the_line_that_causes_it() -> None:
    first, second, third, verdict_line = text(FAILS, CheckForm.GITHUB).splitlines()
    assert first.startswith(
        "::error file=db/a migration%2C 100%25.sql,line=6,title=gen-migration%3A scan-under-lock,endLine=8::“UPDATE"
    )
    assert "Way out: Batches:%0Awith a commit each." in first
    assert second.startswith("::warning title=gen-migration%3A database-drifted::table users")
    assert third.startswith("::notice file=new.py,line=1,")
    assert verdict_line == "migration.sql on old.sql: 1 error, 1 warning, 1 note, 1 set aside"


def test_junit_counts_failures_and_what_was_skipped() -> None:
    root = ElementTree.fromstring(text(FAILS, CheckForm.JUNIT))
    suite = root[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("5", "1", "1")
    assert len(suite.findall("testcase")) == 5
    (failure,) = suite.findall("testcase/failure")
    assert SCAN.effect in (failure.text or "")
    (skipped,) = suite.findall("testcase/skipped")
    assert skipped.get("message") == ASIDE.allowed


def test_markdown_shows_names_as_they_are_and_fits_into_a_comment() -> None:
    said = text(FAILS, CheckForm.MARKDOWN)
    assert said.startswith("## ❌ gen-migration check: 1 error, 1 warning, 1 note, 1 set aside\n")
    assert "| reads all of customers, writes 6 rows | read customers |" in said
    assert "\\<b\\>\\|\\`x\\`" in said
    many = replace(FAILS, findings=tuple(replace(SCAN, message="x" * 500) for _ in range(300)))
    cut = text(many, CheckForm.MARKDOWN)
    assert len(cut) <= 65_536
    assert cut.endswith("more than a comment holds.\n")


def test_for_people_everything_is_told_and_nothing_steers_the_terminal() -> None:
    said = text(FAILS, CheckForm.TEXT)
    for part in (SCAN.message, "→ Batches:", "Set aside: two rows & no more", "Statement by statement", "1 expand"):
        assert part in said
    assert "\x1b" not in said
    assert "not known: never analysed" in said
    assert text(HOLDS, CheckForm.TEXT).startswith("✓ old.sql → new.sql: nothing found\n")


def test_how_long_something_takes_is_said_in_round_figures() -> None:
    (estimate,) = FAILS.estimates
    said = [duration(replace(estimate, seconds=seconds)) for seconds in (0.02, 4.24, 42.4, 400.0, 8000.0)]
    assert said == ["a few ms", "about 4.2 s", "about 42 s", "about 7 min", "about 2.2 h"]


def test_the_exit_code_follows_from_what_was_found() -> None:
    assert (FAILS.exit_code, HOLDS.exit_code) == (1, 0)
    refused = replace(SCAN, code="change-refused")
    asked = replace(SCAN, code="question-open")
    assert replace(FAILS, findings=(SCAN, asked)).exit_code == 3
    assert replace(FAILS, findings=(SCAN, asked, refused)).exit_code == 4
    assert replace(FAILS, findings=(replace(asked, allowed="because"),)).exit_code == 0
    assert replace(FAILS, findings=(replace(SCAN, severity=Severity.WARNING),)).exit_code == 0
    assert verdict(HOLDS) == "nothing found"
