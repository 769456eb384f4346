"""A revision of a Git repository as a source: written out beside, while everything in the repository stays as it is."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.load import start
from tests.load.conftest import Write

MODELS = """
from sqlalchemy import Column, Integer, MetaData, Table
from app.names import NAME
metadata = MetaData()
Table(NAME, metadata, Column("id", Integer, primary_key=True))
"""

Git = Callable[..., str]


@pytest.fixture
def git(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository with two commits: in the second everything is called otherwise, and more changed without one."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    if shutil.which("git") is None:
        pytest.skip("there is no git here")

    def run(*arguments: str) -> str:
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    run("init", "-q", "-b", "main")
    write("app/__init__.py", "")
    write("app/models.py", MODELS)
    write("app/names.py", "NAME = 'before'")
    write("db/schema.sql", "CREATE TABLE before ();")
    write("db/1_a.sql", "CREATE TABLE numbered ();")
    fixture = Path(__file__).parent / "drizzle" / "fixtures" / "renamed_1.0" / "drizzle"
    shutil.copytree(fixture, tmp_path / "drizzle")
    write(".gitattributes", "db/* export-ignore\n")
    run("add", "-A")
    run("commit", "-qm", "one")
    run("tag", "v1")
    write("app/names.py", "NAME = 'after'")
    write("db/schema.sql", "CREATE TABLE after ();")
    run("commit", "-qam", "two")
    write("app/names.py", "NAME = 'uncommitted'")
    write("new.txt", "")
    return run


def names(source: str) -> list[str]:
    return [unit.name for unit in start(source).result().units]


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize(
    ("source", "units"),
    [
        ("app/models.py", ["table uncommitted"]),
        ("main:app/models.py", ["table after"]),
        ("HEAD~1:app/models.py", ["table before"]),
        ("v1:app.models", ["table before"]),
        ("v1:app.models:metadata", ["table before"]),
        ("v1:app/models.py:metadata", ["table before"]),
        ("v1:app", ["table before"]),
        ("v1:db", ["file 1_a.sql", "file schema.sql"]),
        ("v1:db/schema.sql", ["file schema.sql"]),
    ],
)
def test_a_source_is_read_as_it_was_then(source: str, units: list[str]) -> None:
    assert sorted(names(source)) == units


def test_the_content_is_that_of_the_revision_and_messages_name_it(git: Git) -> None:
    declared = start("v1:db/schema.sql").result()
    assert declared.source == "v1:db/schema.sql"
    assert (declared.units[0].sql, declared.units[0].origin) == ("CREATE TABLE before ();", "v1:db/schema.sql:1")
    (unit,) = start("v1:app/models.py").result().units
    assert unit.origin == "v1:app/models.py:5"


@pytest.mark.usefixtures("git")
def test_a_drizzle_folder_of_a_revision_is_replayed(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "drizzle")
    assert "table public.persons" in names("v1:drizzle/")
    assert "table public.persons" in names("v1:drizzle")
    assert "table public.people" in names("v1:drizzle@one")
    snapshot = next(name for name in (Path(__file__).parent / "drizzle/fixtures/renamed_1.0/drizzle").glob("*two"))
    assert "table public.persons" in names(f"v1:drizzle/{snapshot.name}/snapshot.json")


def test_paths_count_from_the_current_folder_and_then_from_the_top(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "db")
    assert names("v1:schema.sql") == names("v1:db/schema.sql") == ["file schema.sql"]
    assert names("v1:app/models.py") == ["table before"]


def test_the_repository_stays_as_it_was(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = tmp_path / ".git" / "hooks" / "post-index-change"
    hook.write_text("#!/bin/sh\ntouch hooked\n")
    hook.chmod(0o755)
    scratch = tmp_path.parent / f"{tmp_path.name}_scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if "__pycache__" not in path.parts}
    for source in ("main:app/models.py", "v1:db", "v1:drizzle"):
        start(source).result()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if "__pycache__" not in path.parts} == files
    assert git("status", "--short") == " M app/names.py\n?? new.txt\n"
    assert list(scratch.iterdir()) == []


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("mian:app/models.py", "there is no revision mian in this repository; did you mean main"),
        ("v1:app/model.py", "v1 holds no app/model.py; did you mean app/models.py"),
        ("v1:models.py", "v1 holds no models.py; did you mean app/models.py"),
        ("v1:../other.sql", r"v1 holds no \.\./other.sql"),
        ("v1:db/schema.py", "v1 holds no db/schema.py"),
        ("--help:app/models.py", "there is no revision --help"),
        ("main:app.modles", "there is no module main|no such file|there is no revision"),
    ],
)
def test_what_is_not_there_is_told(source: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        start(source).result()


def test_what_is_wrong_inside_is_told_with_the_revision(git: Git, write: Write) -> None:
    write("app/names.py", "NAME = 1 / 0")
    git("commit", "-qam", "three")
    write("app/names.py", "NAME = 'mended'")
    with pytest.raises(BadInput, match=r"^main:app/models.py: app/names.py:1: ZeroDivisionError"):
        start("main:app/models.py").result()


def test_without_a_repository_it_is_no_source(write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write("x.txt", "")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(BadInput, match="lies in no Git repository"):
        start("main:app/models.py")
