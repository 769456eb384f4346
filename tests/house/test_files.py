"""How the files of the project are: small, named for what they hold, with words at the head, at home on any machine."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "generator").rglob("*.py"))
CATCH_ALLS = {"utils", "util", "helpers", "helper", "common", "misc", "base", "core", "manager", "managers"}
MOST_LINES = 300
LONG_ON_PURPOSE = {"generator/model/change.py": "one list of all change kinds, read from top to bottom"}

# A path of one machine, or a host from which packages come. Put together here so that this file does not hold them.
_OF_ONE_MACHINE = re.compile(
    "|".join((r"/(work|root|home|Users|tmp/[a-z]+[-_.][a-zA-Z0-9]+)" + "/", r"\b[a-z.]*" + r"pypi\."))
)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_what_it_is(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text()))


def test_no_module_is_long() -> None:
    lines = {str(module.relative_to(ROOT)): len(module.read_text().splitlines()) for module in MODULES}
    assert {name for name, count in lines.items() if count > MOST_LINES} == set(LONG_ON_PURPOSE)


def test_nothing_is_named_as_a_catch_all() -> None:
    names = {part for module in MODULES for part in module.relative_to(ROOT).with_suffix("").parts}
    assert names & CATCH_ALLS == set()


def test_no_file_knows_one_machine() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in tracked.decode().split("\0"):
        path = ROOT / name
        if name and path.is_file():
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if _OF_ONE_MACHINE.search(line):
                    found.append(f"{name}:{number}: {line.strip()}")
    assert found == []
