import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ci.action import ROOT
from tests.ci.service import Service, serve

Repository = Callable[..., tuple[Path, str]]


def git(folder: Path, *words: str) -> str:
    """Run git with an identity of its own; what it printed."""
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_CONFIG_GLOBAL": os.devnull}
    environment = {**os.environ, **identity, "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
    done = subprocess.run(["git", *words], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A scratch repository with a commit for each set of files given; its folder and the first commit."""

    def make(*commits: dict[str, str]) -> tuple[Path, str]:
        folder = tmp_path / "checkout"
        folder.mkdir()
        git(folder, "init", "--quiet")
        for files in commits:
            for name, text in files.items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            git(folder, "add", "--all")
            git(folder, "commit", "--quiet", "--message", "more")
        return folder, git(folder, "rev-list", "--max-parents=0", "HEAD")

    return make


@pytest.fixture
def service() -> Iterator[Service]:
    with serve() as up:
        yield up


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a repository of its own, with what is here now: for those who install it from a repository."""
    folder = tmp_path_factory.mktemp("project")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    wanted = (
        "generator/",
        "templates/",
        "schemas/",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        ".pre-commit-hooks.yaml",
    )
    for name in names.split("\0"):
        if name.startswith(wanted) and (ROOT / name).is_file():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((ROOT / name).read_bytes())
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "all")
    return folder
