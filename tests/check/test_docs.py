"""docs/check.md: its commands give what it shows (``RECORD=1`` writes it), its policy is one, it names every key."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from generator.load.policy import read_policy
from generator.model.check import CheckForm
from generator.model.policy import Policy

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "check.md"
_SHOWN = re.compile(r"(```sh\n(gen-migration check [^\n]*examples[^\n]*)\n```\n\n```text\n)(.*?)(```)", re.DOTALL)


def output(command: str) -> str:
    program = str(Path(sys.executable).parent / "gen-migration")
    done = subprocess.run(
        [program, *shlex.split(command)[1:]], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.stderr == ""
    return done.stdout


def test_its_commands_give_what_it_shows() -> None:
    text = PAGE.read_text()
    shown = _SHOWN.findall(text)
    assert len(shown) == 2
    now = _SHOWN.sub(lambda found: f"{found[1]}{output(found[2])}{found[4]}", text)
    if os.environ.get("RECORD"):
        PAGE.write_text(now)
    assert PAGE.read_text() == now


def test_its_policy_is_one_with_every_key(tmp_path: Path) -> None:
    policies = [block for block in re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL) if "old =" in block]
    (text,) = policies
    (tmp_path / "pyproject.toml").write_text(text)
    policy = read_policy(tmp_path)
    assert policy.hazards["data-lost"] == "error"
    named = {word for key in Policy.__dataclass_fields__ for word in [key] if re.search(rf"\b{key}\b", text)}
    assert set(Policy.__dataclass_fields__) - named == {"file", "server"}


def test_it_names_every_form_and_links_to_what_is_there() -> None:
    text = PAGE.read_text()
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == {form.value for form in CheckForm}
    targets = re.findall(r"\]\(([^)#:]+)\)", text)
    assert [target for target in targets if not (PAGE.parent / target).exists()] == []
