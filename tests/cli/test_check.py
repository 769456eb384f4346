"""The command ``check``, and a configured project in which nothing has to be named."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

OLD = "CREATE TABLE orders (id bigint PRIMARY KEY, note text);\n"
NEW = "CREATE TABLE orders (id bigint PRIMARY KEY, note text, total integer);\n"
POLICY = '[tool.gen-migration]\nold = "db/old.sql"\nnew = "db/new.sql"\nout = "migration"\nprove = false\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "db").mkdir()
    (tmp_path / "db" / "old.sql").write_text(OLD)
    (tmp_path / "db" / "new.sql").write_text(NEW)
    (tmp_path / "pyproject.toml").write_text(POLICY)
    return tmp_path


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    program = str(Path(sys.executable).parent / "gen-migration")
    return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_in_a_configured_project_the_plain_command_writes_the_migration(project: Path) -> None:
    done = run(project)
    assert done.returncode == 0, done.stderr
    assert (project / "migration" / "01_expand.sql").exists()


def test_and_plain_check_checks_it(project: Path) -> None:
    done = run(project, "check")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("✓ db/old.sql → db/new.sql: ")
    (project / "migrations").mkdir()
    (project / "pyproject.toml").write_text(
        POLICY + 'migrations = "migrations"\nformat = ["github", "json=check.json"]\n'
    )
    forgotten = run(project, "check")
    assert forgotten.returncode == 1
    assert "::error file=db/new.sql,line=1,title=gen-migration%3A migration-missing::" in forgotten.stdout
    assert json.loads((project / "check.json").read_text())["exit_code"] == 1


def test_what_is_typed_comes_first(project: Path) -> None:
    (project / "other.sql").write_text(OLD)
    done = run(project, "check", "db/old.sql", "other.sql", "--format", "text")
    assert "other.sql: nothing found" in done.stdout


def test_a_policy_named_elsewhere_stands_beside_its_files(project: Path, tmp_path: Path) -> None:
    (project / "sub").mkdir()
    done = run(project / "sub", "check", "--config", "../pyproject.toml")
    assert done.returncode == 0, done.stderr
    assert "db/new.sql" in done.stdout


def test_the_policy_names_the_form_that_is_written(project: Path) -> None:
    (project / "pyproject.toml").write_text(POLICY.replace('"migration"', '"db/migrations"') + 'to = "dbmate"\n')
    done = run(project)
    assert done.returncode == 0, done.stderr
    assert list((project / "db" / "migrations").glob("*.sql"))
    (project / "pyproject.toml").write_text(POLICY + 'to = "bmate"\n')
    assert "bmate" in run(project).stderr


def test_a_mistake_in_the_policy_ends_every_command_with_its_line(project: Path) -> None:
    (project / "pyproject.toml").write_text(POLICY + "smal = 1\n")
    for arguments in ((), ("check",)):
        done = run(project, *arguments)
        assert done.returncode == 2
        assert "Error: pyproject.toml:6: smal is not known; did you mean small?" in done.stderr


def test_a_source_called_check_is_given_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "check").mkdir()
    (tmp_path / "check" / "old.sql").write_text(OLD)
    (tmp_path / "new.sql").write_text(OLD)
    done = run(tmp_path, "./check", "new.sql")
    assert done.returncode == 0
    assert done.stdout.startswith("Nothing to do")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("check",), "Missing argument 'OLD'"),
        (("check", "a.sql"), "Missing argument 'NEW'"),
        (("check", "a.sql", "b.sql", "c.sql"), "Two schemas are compared, and these are 3"),
        (("check", "--on", "a.sql"), "--on names the schema that --sql FILE starts from"),
        (("check", "--sql", "nowhere.sql", "--on", "a.sql"), "nowhere.sql: there is no such file"),
        (("check", "a.sql", "b.sql", "--format", "xml"), "xml is none of text, json, github"),
        (("check", "a.sql", "b.sql", "--format", "json", "--format", "text"), "one form goes to standard output"),
        (("check", "old.sql", "old.sql", "--migrations", "nowhere"), "nowhere: there is no such file or folder"),
        (("check", "old.sql", "old.sql", "--database", "postgresql://nobody@127.0.0.1:1/x"), "Connection refused"),
        (("check", "old.sql", "old.sql", "--format", "json=no/where.json"), "no/where.json: cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "old.sql").write_text(OLD)
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout if "json" not in str(arguments) else "") == (2, "")
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_quiet_says_nothing_where_it_holds(tmp_path: Path) -> None:
    (tmp_path / "old.sql").write_text(OLD)
    done = run(tmp_path, "check", "old.sql", "old.sql", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_review_is_written_where_there_is_one(project: Path) -> None:
    assert run(project, "check", "--review", "review.md").returncode == 0
    assert (project / "review.md").read_text().startswith("# ")
