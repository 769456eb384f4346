"""One server for all tests of loading, and a way to write modules and load them."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.server import Server, open_server

Write = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with open_server() as opened:
        yield opened


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file below a new folder, which is the current one."""
    monkeypatch.chdir(tmp_path)

    def _write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    return _write
