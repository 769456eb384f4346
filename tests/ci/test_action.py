"""The GitHub Action: its steps run in a scratch repository with the two commits of a pull request."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.ci.action import ACTION, ROOT, Run
from tests.ci.conftest import Repository, git
from tests.ci.service import Service

OLD = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
NEW = "CREATE TABLE orders (id bigint PRIMARY KEY, note text, total integer);\n"
REQUIRED = "CREATE TABLE orders (\n    id bigint PRIMARY KEY,\n    note text NOT NULL\n);\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first step of the action, run once: a folder with gen-migration and all that it needs."""
    folder = tmp_path_factory.mktemp("runner")
    run = Run(checkout=folder, temporary=folder, environment={}, inputs={}, event={})
    done = run.step("Install gen-migration")
    assert done.returncode == 0, done.stderr
    return folder / "gen-migration"


@pytest.fixture
def comment() -> ModuleType:
    spec = importlib.util.spec_from_file_location("comment", ROOT / "ci" / "comment.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def prepare(installed: Path, tmp_path: Path, checkout: Path, service: Service, base: str, **inputs: str) -> Run:
    temporary = tmp_path / "runner"
    (temporary / "gen-migration").mkdir(parents=True, exist_ok=True)
    if not (temporary / "gen-migration" / "venv").exists():
        (temporary / "gen-migration" / "venv").symlink_to(installed / "venv")
    event = {"pull_request": {"number": 7, "base": {"sha": base}}}
    (tmp_path / "event.json").write_text(json.dumps(event))
    return Run(
        checkout=checkout,
        temporary=temporary,
        environment={
            "GITHUB_API_URL": service.url,
            "GITHUB_REPOSITORY": "shop/shop",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        },
        inputs=inputs,
        event=event,
    )


def rest(run: Run) -> int:
    """All steps but the first, which the fixture has run."""
    for step in ACTION["runs"]["steps"][1:]:
        if run.wanted(step["name"]):
            code = run.step(step["name"]).returncode
            if code:
                return code
    return 0


def test_a_pull_request_is_checked_and_its_review_commented_once(
    installed: Path, repository: Repository, service: Service, tmp_path: Path
) -> None:
    checkout, base = repository({"db/schema.sql": OLD}, {"db/schema.sql": NEW})
    service.comments = dict.fromkeys(range(1, 104), "somebody's")
    run = prepare(installed, tmp_path, checkout, service, base, new="db/schema.sql")
    assert rest(run) == 0, run.printed
    assert run.outputs["check"]["exit-code"] == "0"
    assert [method for method, _ in service.asked] == ["GET", "GET", "POST"]
    said = service.comments[104]
    assert said.startswith("<!-- gen-migration -->\n## ✅ gen-migration check")
    assert "orders.total: added, integer" in said
    assert "The review of the migration" in said
    assert "was run on PostgreSQL" in (run.temporary / "summary.md").read_text()
    assert json.loads(Path(run.outputs["check"]["sarif"]).read_text())["version"] == "2.1.0"
    assert git(checkout, "worktree", "list").count("\n") == 0

    (checkout / "db/schema.sql").write_text(NEW.replace("total integer", "total integer, more text"))
    again = prepare(installed, tmp_path, checkout, service, base, new="db/schema.sql")
    assert rest(again) == 0, again.printed
    assert [method for method, _ in service.asked[3:]] == ["GET", "GET", "PATCH"]
    assert len(service.comments) == 104
    assert "orders.more: added, text" in service.comments[104]


def test_what_must_not_pass_is_annotated_on_its_line_and_fails_after_the_comment(
    installed: Path, repository: Repository, service: Service, tmp_path: Path
) -> None:
    checkout, base = repository({"db/schema.sql": OLD}, {"db/schema.sql": REQUIRED})
    run = prepare(installed, tmp_path, checkout, service, base, **{"new": "schema.sql", "working-directory": "db"})
    assert rest(run) == 3
    assert "::error file=schema.sql,line=3,title=gen-migration%3A question-open::" in run.printed
    assert "question-open" in service.comments[1]


def test_a_migration_that_is_forgotten_fails(
    installed: Path, repository: Repository, service: Service, tmp_path: Path
) -> None:
    checkout, base = repository({"schema.sql": OLD, "migrations/.keep": ""}, {"schema.sql": NEW})
    run = prepare(
        installed, tmp_path, checkout, service, base, new="schema.sql", migrations="migrations", comment="false"
    )
    assert rest(run) == 1
    assert "migration-missing" in run.printed
    assert service.comments == {}


def test_a_schema_that_is_new_comes_from_nothing(
    installed: Path, repository: Repository, service: Service, tmp_path: Path
) -> None:
    checkout, base = repository({"README": "a shop"}, {"schema.sql": OLD})
    run = prepare(installed, tmp_path, checkout, service, base, new="schema.sql", arguments="--no-proof --pg 17")
    assert rest(run) == 0, run.printed
    assert "orders: added, 2 columns" in service.comments[1]


def test_a_module_has_no_older_version_by_itself(
    installed: Path, repository: Repository, service: Service, tmp_path: Path
) -> None:
    checkout, base = repository({"shop/models.py": ""}, {"README": "a shop"})
    run = prepare(installed, tmp_path, checkout, service, base, new="shop.models")
    assert run.step("Check").returncode == 2
    assert "give the input old" in run.printed


def test_models_are_compared_with_those_at_the_base(
    installed: Path, repository: Repository, service: Service, tmp_path: Path
) -> None:
    models = (
        "from sqlalchemy import Column, Integer, MetaData, Table\n\n"
        "metadata = MetaData()\norders = Table('orders', metadata, Column('id', Integer, primary_key=True){})\n"
    )
    before, after = models.format(""), models.format(", Column('total', Integer)")
    checkout, base = repository({"shop/models.py": before}, {"shop/models.py": after})
    run = prepare(installed, tmp_path, checkout, service, base, new="shop/models.py:metadata", arguments="--no-proof")
    assert rest(run) == 0, run.printed
    assert "orders.total: added, integer" in service.comments[1]


def test_in_a_configured_project_nothing_has_to_be_named(
    installed: Path, repository: Repository, service: Service, tmp_path: Path
) -> None:
    policy = 'old = "released.sql"\nnew = "schema.sql"\n'
    files = {"released.sql": OLD, "schema.sql": NEW, "gen-migration.toml": policy}
    checkout, base = repository(files)
    run = prepare(installed, tmp_path, checkout, service, base)
    assert rest(run) == 0, run.printed
    assert "orders.total: added, integer" in service.comments[1]


def test_a_token_that_may_not_write_is_said_and_fails_nothing(
    installed: Path, repository: Repository, service: Service, tmp_path: Path
) -> None:
    checkout, base = repository({"schema.sql": OLD}, {"schema.sql": NEW})
    service.refuses = True
    run = prepare(installed, tmp_path, checkout, service, base, new="schema.sql", arguments="--no-proof")
    assert rest(run) == 0
    assert "::notice title=gen-migration::The review was not commented (403)" in run.printed


def test_a_comment_holds_no_more_than_it_may(comment: ModuleType) -> None:
    short = comment.body("the check", "the review")
    assert short.startswith(comment.MARK)
    assert "the review" in short
    long = comment.body("the check", "```sql\n" + "SELECT 1;\n" * 10_000)
    assert len(long) <= comment.MOST
    assert len(re.findall(r"^```", long, re.MULTILINE)) % 2 == 0
    assert long.count("<details>") == long.count("</details>")


def test_the_action_is_one_by_the_services_own_schema() -> None:
    program = shutil.which("check-jsonschema", path=str(Path(sys.executable).parent))
    assert program is not None
    for schema, file in (("vendor.github-actions", "action.yml"), ("vendor.gitlab-ci", "ci/gitlab.yml")):
        done = subprocess.run([program, "--builtin-schema", schema, str(ROOT / file)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
