"""squawk, a linter of others, over every script of the examples, and over every statement inside of their steps.

What it says and we set aside is in the tables below, each with its reason. Anything else fails.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.examples import EXAMPLES, MAJOR, Example

SQUAWK = Path(sys.executable).parent / "squawk"

Aside = dict[str, tuple[str, str]]
"""Rule → (what the line looks like for which it is set aside, why)."""

IN_SCRIPTS: Aside = {
    "ban-drop-table": (r"_gm_\w+", "the back-fill's own side and progress tables, which no client knows"),
    "prefer-robust-stmts": (r"DROP TABLE public\._gm_", "the same script makes them IF NOT EXISTS at its head"),
    "prefer-bigint-over-int": (
        r"(round|passes) +int ",
        "counters of the progress table: they never get past a hundred",
    ),
}
"""For the scripts as they are written."""

INSIDE: Aside = {
    "prefer-robust-stmts": (
        r"",
        "each step looks first whether its state is there already (`unless`), in one transaction",
    ),
    "ban-drop-column": (r"DROP COLUMN", "cleanup of what was set aside, or the rollback of the column that was added"),
    "ban-drop-constraint": (r"DROP CONSTRAINT", "in contract, when the old version is gone; or a rollback"),
    "ban-drop-default": (r"DROP DEFAULT", "a rollback"),
    "ban-drop-function": (r"FUNCTION IF EXISTS public\._gm_", "our own triggers' functions, which no client knows"),
    "ban-drop-not-null": (r"DROP NOT NULL", "so that the new version may leave the old column out; or a rollback"),
    "ban-drop-table": (r"public\._gm_", "our own notes, which no client knows"),
    "changing-column-type": (
        r"character varying",
        "to a longer varchar nothing is read or rewritten; the rollback says so",
    ),
    "prefer-text-field": (r"character varying", "the schema is the user's"),
    "renaming-column": (
        r"RENAME COLUMN (\w+ TO )?_gm_dropped_",
        "set aside in contract, when nothing uses it any more",
    ),
    "require-concurrent-index-deletion": (
        r"DROP INDEX",
        "what a killed CREATE INDEX CONCURRENTLY left behind, or a constraint's: an instant step with its lock_timeout",
    ),
}
"""For the bare statements, which squawk cannot see inside of the blocks that run them."""


def unexpected(path: Path, aside: Aside) -> list[str]:
    """What squawk says about a file and the table does not answer."""
    lines = path.read_text().splitlines()
    found = []
    for finding in findings(path):
        line = lines[finding["line"]]
        pattern, _ = aside.get(finding["rule_name"], (r"(?!)", ""))
        if not re.search(pattern, line):
            found.append(f"{path.name}:{finding['line'] + 1}: {finding['rule_name']}: {finding['message']}\n    {line}")
    return found


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
    assert [each for script in scripts for each in unexpected(script, IN_SCRIPTS)] == []


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
    assert unexpected(path, INSIDE) == []


def test_nothing_is_set_aside_that_is_not_met() -> None:
    scripts = [path for example in EXAMPLES for path in (example.folder / "expected").glob("*.sql")]
    assert {finding["rule_name"] for script in scripts for finding in findings(script)} == set(IN_SCRIPTS)
