"""The GitLab job: its script run in a scratch repository with a merge request's two commits."""

import os
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import yaml

from tests.ci.action import ROOT
from tests.ci.conftest import Repository

JOB: dict[str, Any] = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())["gen-migration"]
OLD = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
NEW = "CREATE TABLE orders (id bigint PRIMARY KEY, note text, total integer);\n"


def run(checkout: Path, base: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """All lines of the script in one shell, as a runner does it."""
    given = {**JOB["variables"], "GEN_MIGRATION_PACKAGE": str(ROOT), **variables}
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(JOB["script"])],
        cwd=checkout,
        env={**os.environ, **given, "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )


def test_a_merge_request_is_checked_with_a_test_report(repository: Repository) -> None:
    checkout, base = repository({"schema.sql": OLD}, {"schema.sql": NEW})
    done = run(checkout, base, GEN_MIGRATION_NEW="schema.sql")
    assert done.returncode == 0, done.stderr
    assert "schema.sql: 1 note" in done.stdout
    suite = ElementTree.fromstring((checkout / JOB["artifacts"]["reports"]["junit"]).read_text())[0]
    assert (suite.get("failures"), suite.get("tests")) == ("0", "2")
    assert all((checkout / name).exists() for name in JOB["artifacts"]["paths"])
