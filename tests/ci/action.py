"""Runs the steps of action.yml as the service would: expressions resolved, each ``run`` in bash, outputs passed on."""

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass
class Run:
    """One run of the action in a checkout. ``event`` is what the service tells of the pull request."""

    checkout: Path
    temporary: Path
    environment: Mapping[str, str]
    inputs: Mapping[str, str]
    event: Mapping[str, Any]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    printed: str = ""

    def step(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run one step by its name."""
        step = next(each for each in ACTION["runs"]["steps"] if each["name"] == name)
        output = self.temporary / f"output-{len(self.outputs)}-{name.replace(' ', '-')}"
        output.touch()
        given = {key: self.resolve(str(value)) for key, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.checkout / self.resolve(step.get("working-directory", ".")),
            env={
                **{key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "GITHUB_TOKEN")},
                **self.environment,
                "RUNNER_TEMP": str(self.temporary),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(self.temporary / "summary.md"),
                **given,
            },
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )
        self.printed += done.stdout + done.stderr
        said = dict(line.split("=", 1) for line in output.read_text().splitlines())
        self.outputs[str(step.get("id", name))] = said
        return done

    def wanted(self, name: str) -> bool:
        """What the step's ``if`` says; only comparisons of one thing with a text, joined by ``&&``."""
        step = next(each for each in ACTION["runs"]["steps"] if each["name"] == name)
        parts = [part.strip() for part in str(step.get("if", "true == 'true'")).split("&&")]
        sides = [[side.strip().strip("'") for side in part.split("==")] for part in parts]
        return all((self.value(left) if "." in left else left) == right for left, right in sides)

    def all(self) -> int:
        """Every step whose ``if`` holds, until one fails; its exit code."""
        for step in ACTION["runs"]["steps"]:
            if self.wanted(step["name"]):
                code = self.step(step["name"]).returncode
                if code:
                    return code
        return 0

    def resolve(self, text: str) -> str:
        """The text with its expressions replaced."""
        return _EXPRESSION.sub(lambda found: self._first(found[1]), text)

    def _first(self, expression: str) -> str:
        return next((value for part in expression.split("||") if (value := self.value(part.strip()))), "")

    def value(self, name: str) -> str:
        """What one name of the service's contexts stands for; empty where there is nothing."""
        inputs = {key: str(each.get("default", "")) for key, each in ACTION["inputs"].items()} | dict(self.inputs)
        contexts: dict[str, Any] = {
            "inputs": inputs,
            "github": {
                "action_path": str(ROOT),
                "token": "a token",
                "event_name": "pull_request" if "pull_request" in self.event else "push",
                "event": self.event,
            },
            "steps": {key: {"outputs": value} for key, value in self.outputs.items()},
        }
        found: Any = contexts
        for word in name.split("."):
            found = found.get(word, {}) if isinstance(found, Mapping) else {}
        return self.resolve(found) if isinstance(found, str) else ""
