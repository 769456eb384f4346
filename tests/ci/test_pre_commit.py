"""The pre-commit hook: installed by pre-commit itself, from a repository, into a scratch project."""

import os
import subprocess
import sys
from pathlib import Path

from tests.ci.conftest import Repository, git

OLD = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
REQUIRED = "CREATE TABLE orders (\n    id bigint PRIMARY KEY,\n    note text NOT NULL\n);\n"


def test_a_commit_with_an_open_question_is_stopped_and_one_without_is_not(
    repository: Repository, project: Path, tmp_path: Path
) -> None:
    policy = 'old = "released.sql"\nnew = "schema.sql"\nprove = false\n'
    revision = git(project, "rev-parse", "HEAD")
    hooks = f"repos:\n- repo: {project}\n  rev: {revision}\n  hooks:\n  - id: gen-migration-check\n"
    checkout, _ = repository(
        {
            "released.sql": OLD,
            "schema.sql": REQUIRED,
            "gen-migration.toml": policy,
            ".pre-commit-config.yaml": hooks,
        }
    )

    def run() -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).parent / "pre-commit"
        return subprocess.run(
            [str(program), "run", "--all-files"],
            cwd=checkout,
            env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "hooks"), "PYTHONPATH": ""},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    stopped = run()
    assert stopped.returncode == 1, stopped.stdout + stopped.stderr
    assert "exit code: 3" in stopped.stdout
    assert "question-open  schema.sql:3" in stopped.stdout
    (checkout / "schema.sql").write_text(OLD.replace("note text", "note text, total integer"))
    passed = run()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout
