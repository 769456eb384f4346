"""squawk, a linter of others, over every script of the examples, and over every statement inside of their steps.

What it says and we set aside is in the tables below, each with its reason. Anything else fails.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.examples import EXAMPLES, MAJOR, Example

SQUAWK = Path(sys.executable).parent / "squawk"

SET_ASIDE: dict[str, str] = {}
"""Rule → why, for the scripts as they are written."""

SET_ASIDE_INSIDE: dict[str, str] = {}
"""Rule → why, for the bare statements, which squawk cannot see inside of the blocks that run them."""


def findings(path: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(SQUAWK), "--reporter", "json", "--pg-version", f"{MAJOR}.0", str(path)], capture_output=True, text=True
    )
    assert done.stdout.strip(), done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_squawk_finds_nothing_new(example: Example) -> None:
    scripts = [*example.scripts(), *example.scripts(".rollback.sql"), example.folder / "expected" / "verify.sql"]
    assert scripts
    found = [
        f"{script.name}:{finding['line'] + 1}: {finding['rule_name']}: {finding['message']}"
        for script in scripts
        for finding in findings(script)
        if finding["rule_name"] not in SET_ASIDE
    ]
    assert found == []


def statements(value: Any) -> list[str]:
    """Every statement of a plan that was written as JSON, those of the undos too."""
    if isinstance(value, dict):
        own = [value["sql"]] if isinstance(value.get("sql"), str) else []
        return own + [each for child in value.values() for each in statements(child)]
    return [each for child in value for each in statements(child)] if isinstance(value, list) else []


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_squawk_finds_nothing_new_inside_of_the_steps(example: Example, tmp_path: Path) -> None:
    inside = statements(json.loads((example.folder / "expected" / "plan.json").read_text()))
    assert inside
    path = tmp_path / "inside.sql"
    # What every step does for its statements (templates/instant.sql.j2), said so that squawk sees it.
    head = "SET lock_timeout = '100ms';\nSET statement_timeout = '60s';\n"
    path.write_text(head + "".join(f"{statement.rstrip(';')};\n" for statement in inside))
    found = [
        f"{finding['rule_name']}: {finding['message']}: {path.read_text().splitlines()[finding['line']]}"
        for finding in findings(path)
        if finding["rule_name"] not in SET_ASIDE_INSIDE
    ]
    assert found == []
