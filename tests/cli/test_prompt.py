"""Questions on a terminal: a real one, since that is what decides whether anything is asked."""

import io
import os
import pty
import re
import select
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from generator.cli.prompt import own_lines, put, shown
from generator.render.paint import Paint
from tests.render.plans import QUESTION

ROOT = Path(__file__).resolve().parents[2]


class Session:
    """A command whose standard input and standard error are a terminal, as when its script goes to a file."""

    def __init__(self, folder: Path, happening: str, *options: str, **environment: str) -> None:
        self.ours, theirs = pty.openpty()
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.stubbed", happening, "old.py", "new.py", *options],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "LC_ALL": "C.UTF-8", **environment},
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def until(self, text: str, seconds: float = 20) -> str:
        """Wait until the terminal shows that; everything since the last time."""
        end = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < end, f"waiting for {text!r}, saw {self.said!r}"
            if select.select([self.ours], [], [], 0.1)[0]:
                try:
                    self.said += os.read(self.ours, 65536).decode()
                except OSError:  # closed: the process is gone
                    assert text in self.said, self.said
        before, _, self.said = self.said.partition(text)
        return before + text

    def type(self, text: str) -> None:
        os.write(self.ours, text.encode())

    def end(self) -> tuple[int, str, str]:
        """Exit code, standard output, and what the terminal still showed."""
        assert self.process.stdout is not None
        output = self.process.stdout.read().decode()
        code = self.process.wait(20)
        while select.select([self.ours], [], [], 0.2)[0]:
            try:
                self.said += os.read(self.ours, 65536).decode()
            except OSError:
                break
        os.close(self.ours)
        return code, output, self.said


def test_a_number_takes_a_suggestion_and_the_run_goes_on(tmp_path: Path) -> None:
    session = Session(tmp_path, "question")
    seen = session.until("q to leave: ")
    assert "Your answers are kept in answers.toml." in seen
    assert "How is customers.user_id filled for the rows that exist?" in seen
    assert "It is required, and has no default." in seen
    assert re.search(r"1\. from users, where the e-mails are equal.*2\. NULL, and leave it open", seen, re.DOTALL)
    session.type("1\n")
    code, output, rest = session.end()
    assert code == 0
    assert output.startswith("-- expand")
    assert "Your answers are in answers.toml: name it with --answers next time." in rest
    written = tomllib.loads((tmp_path / "answers.toml").read_text())
    assert written == {"backfill": {"customers.user_id": {"from": "users", "match": ["email"], "value": "users.id"}}}


def test_a_value_of_ones_own_is_written_as_it_was_typed(tmp_path: Path) -> None:
    session = Session(tmp_path, "question", "--answers", "mine.toml")
    session.until("q to leave: ")
    session.type("o\n")
    session.until("(empty to go back): ")
    session.type("coalesce(customers.\"odd\", 'x')\n")
    assert session.end()[0] == 0
    written = tomllib.loads((tmp_path / "mine.toml").read_text())
    assert written["backfill"]["customers.user_id"]["value"] == "coalesce(customers.\"odd\", 'x')"


def test_what_is_no_choice_is_asked_again(tmp_path: Path) -> None:
    session = Session(tmp_path, "question")
    session.until("q to leave: ")
    session.type("7\n")
    assert "“7” is none of these." in session.until("q to leave: ")
    session.type("\n")
    session.until("q to leave: ")
    session.type("2\n")
    assert session.end()[0] == 0


@pytest.mark.parametrize("leaving", ["q\n", "\x04"])
def test_leaving_is_an_open_question(tmp_path: Path, leaving: str) -> None:
    session = Session(tmp_path, "question")
    session.until("q to leave: ")
    session.type(leaving)
    code, output, rest = session.end()
    assert (code, output) == (3, "")
    assert "1 question is open; nothing was written." in rest
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_at_the_prompt_ends_with_130(tmp_path: Path) -> None:
    session = Session(tmp_path, "question")
    session.until("q to leave: ")
    session.process.send_signal(2)
    code, _, rest = session.end()
    assert code == 130
    assert "Traceback" not in rest


def test_nothing_is_asked_where_an_answers_file_was_overlooked(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text("# mine\n")
    code, _, rest = Session(tmp_path, "question").end()
    assert code == 3
    assert "answers.toml is here, but was not named with --answers." in rest
    assert (tmp_path / "answers.toml").read_text() == "# mine\n"


def test_answers_are_added_to_the_file_that_was_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("# mine\n[accept]\nloses = ['a.b']\n")
    session = Session(tmp_path, "question", "--answers", "mine.toml")
    session.until("q to leave: ")
    session.type("2\n")
    assert session.end()[0] == 0
    text = (tmp_path / "mine.toml").read_text()
    assert text.startswith("# mine\n[accept]\nloses = ['a.b']\n")
    assert tomllib.loads(text)["backfill"] == {"customers.user_id": {"value": "NULL"}}


def test_with_json_nothing_is_asked(tmp_path: Path) -> None:
    code, output, _ = Session(tmp_path, "question", "--json").end()
    assert code == 3
    assert output.startswith("{")


def test_progress_is_one_line_which_is_wiped(tmp_path: Path) -> None:
    code, _, rest = Session(tmp_path, "slow").end()
    assert code == 0
    assert re.search(r"\r[|/\\-] Proving \(\d s\)", rest)
    line = rest.rindex("Proving")
    assert re.match(r"Proving \(\d s\)\r +\r", rest[line:])
    assert "What changes" in rest[line:]


@pytest.mark.parametrize("options", [["--quiet"], ["--json", "--quiet"]])
def test_quiet_shows_no_progress(tmp_path: Path, options: list[str]) -> None:
    assert Session(tmp_path, "slow", *options).end()[2] == ""


def test_colours_are_there_on_a_terminal_unless_they_are_not_wanted(tmp_path: Path) -> None:
    assert "\x1b[1m" in Session(tmp_path, "migrate").end()[2]
    assert "\x1b" not in Session(tmp_path, "migrate", NO_COLOR="1").end()[2]
    assert "\x1b" not in Session(tmp_path, "migrate", TERM="dumb").end()[2]


def test_an_ascii_terminal_is_asked_in_ascii(tmp_path: Path) -> None:
    session = Session(tmp_path, "question", PYTHONIOENCODING="ascii")
    session.until("q to leave: ")
    session.type("ä\n")
    session.until("q to leave: ")
    session.type("1\n")
    code, _, rest = session.end()
    assert code == 0
    assert rest.isascii()


def test_a_question_without_suggestions_can_be_answered_or_left() -> None:
    from dataclasses import replace

    from generator.model.answers import QuestionKind

    bare = replace(QUESTION, suggestions=())
    written = io.StringIO()
    lines = put(bare, Paint(), read=io.StringIO("1\no\n\no\nnow()\n"), write=written)
    assert lines == own_lines(bare, "now()")
    assert "o for your own value, q to leave: " in written.getvalue()
    rename = replace(bare, kind=QuestionKind.RENAME)
    assert put(rename, Paint(), read=io.StringIO("o\n"), write=io.StringIO()) is None
    assert "How is" in shown(bare, Paint())


def test_a_suggestion_that_is_done_in_the_schema_ends_the_run() -> None:
    from dataclasses import replace

    from generator.model.answers import Suggestion

    elsewhere = replace(QUESTION, suggestions=(Suggestion(label="leave it nullable", lines=""),))
    written = io.StringIO()
    assert put(elsewhere, Paint(), read=io.StringIO("1\n"), write=written) is None
    assert "That is done in the schema: leave it nullable." in written.getvalue()


def test_lines_of_ones_own_are_toml_whatever_is_in_them() -> None:
    from dataclasses import replace

    odd = replace(QUESTION, key='billing."Odd Table"."c\\d"')
    read = tomllib.loads(own_lines(odd, "E'\\n' || \"ü\""))
    assert read == {"backfill": {odd.key: {"value": "E'\\n' || \"ü\""}}}
