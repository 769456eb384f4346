"""Every code has a page, whose example is run as it stands there and gives that code."""

import json
import re
import shlex
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import psycopg
import pytest

from generator.cli import main
from generator.dialects.postgres.split import split
from generator.model.hazards import HAZARDS, HazardKind
from generator.server import Database, Server
from tests.check.test_live import url

PAGES = Path(__file__).resolve().parents[2] / "docs" / "hazards"
_FILE = re.compile(r"^`([\w./-]+\.(?:sql|toml|json|j2))`[^\n]*\n\n```\w+\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^```sh\n(.*)\n```$", re.MULTILINE)

each_hazard = pytest.mark.parametrize("kind", HAZARDS, ids=lambda kind: kind.code)


@pytest.fixture
def live(server: Server) -> Iterator[Database]:
    made = server.create_database()
    yield made
    server.drop_database(made)


@each_hazard
def test_a_page_says_what_the_table_says_and_all_that_it_has_to(kind: HazardKind) -> None:
    text = (PAGES / f"{kind.code}.md").read_text()
    assert text.startswith(f"# {kind.code}\n\n{kind.title}\n\nWeight without a policy: {kind.severity}.\n")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Condition", "Effect", "Way out", "Example"]


@each_hazard
def test_its_example_gives_it(
    kind: HazardKind,
    server: Server,
    live: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (PAGES / f"{kind.code}.md").read_text()
    files = dict(_FILE.findall(text))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("generator.server.open_server", lambda **_options: nullcontext(server))
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")
    with live.connect() as connection:
        for piece in split(files.get("database.sql", "")):
            try:
                connection.execute(piece.sql.encode())
            except psycopg.Error:
                assert "This one stops" in files["database.sql"]
    (command,) = _COMMAND.findall(text)
    program, subcommand, *words = shlex.split(command.replace("$URL", url(live)))
    assert (program, subcommand) == ("gen-migration", "check")
    code = main(["check", *words, "--format", "json=check.json"])
    findings = json.loads((tmp_path / "check.json").read_text())["check"]["findings"]
    found = {each["code"]: each for each in findings}
    assert kind.code in found
    assert found[kind.code]["severity"] == kind.severity
    assert code == {"change-refused": 4, "question-open": 3}.get(kind.code, code)
    if kind.severity == "error":
        assert code


def test_the_index_lists_each_once_with_its_weight() -> None:
    listed = re.findall(
        r"^\| \[([\w-]+)\]\(([\w-]+)\.md\) \| (.*) \| (\w+) \|$", (PAGES / "README.md").read_text(), re.M
    )
    assert listed == [(kind.code, kind.code, kind.title, kind.severity.value) for kind in HAZARDS]


def test_there_is_no_page_of_a_code_that_is_gone() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} - {"README"} == {kind.code for kind in HAZARDS}
