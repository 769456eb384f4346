"""A check as SARIF 2.1.0, for code scanning services and editors."""

import json
from importlib.metadata import version
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from generator.model.check import Check, Finding, Place, Severity
from generator.model.hazards import HAZARDS, kind_of
from generator.render.check_words import told

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note", Severity.OFF: "none"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_check_sarif(check: Check) -> str:
    """The text of the log file: one run."""
    used = {each.code for each in check.findings}
    rules = [kind for kind in HAZARDS if kind.code in used]
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "gen-migration",
                        "version": version("gen-migration"),
                        "rules": [
                            {
                                "id": kind.code,
                                "shortDescription": {"text": kind.title},
                                "help": {"text": f"See {kind.page}."},
                                "defaultConfiguration": {"level": _LEVELS[kind.severity]},
                            }
                            for kind in rules
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, [kind.code for kind in rules]) for each in check.findings],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _result(finding: Finding, rules: list[str]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rules.index(kind_of(finding.code).code),
        "level": _LEVELS[finding.severity],
        "message": {"text": told(finding)},
        "locations": _locations(finding.where),
        # The same thing in two runs is told by its code and what it is about, whatever line it has moved to.
        "partialFingerprints": {"hazard/v1": f"{finding.code}:{finding.where.file}:{finding.where.object}"},
    }
    if finding.allowed:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.allowed}]
    return result


def _locations(where: Place) -> list[dict[str, Any]]:
    location: dict[str, Any] = {}
    if where.file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": quote(PurePath(where.file).as_posix())}}
        if where.line:
            physical["region"] = {"startLine": where.line, "endLine": max(where.end_line, where.line)}
        location["physicalLocation"] = physical
    if where.object:
        location["logicalLocations"] = [{"fullyQualifiedName": where.object}]
    return [location] if location else []
