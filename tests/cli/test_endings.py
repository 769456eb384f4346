"""However a run ends: its exit code, what is on which stream, and that there is no traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from generator.resources import folder
from tests.cli.stubbed import MIGRATION

SCHEMA = Draft202012Validator(json.loads((folder("schemas") / "run.schema.json").read_text()))


def run(
    happening: str, *options: str, cwd: Path | None = None, **environment: str
) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-m", "tests.cli.stubbed", happening, "old.py", "new.py", *options]
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.run(
        argv,
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": root, **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
    )


def test_without_a_folder_the_script_is_on_standard_output_and_the_summary_on_standard_error() -> None:
    done = run("migrate")
    assert done.returncode == 0
    assert done.stdout == MIGRATION["01_expand.sql"] + "\n" + MIGRATION["02_backfill.sql"]
    assert "What changes" in done.stderr
    assert "Proved on PostgreSQL 18.6" in done.stderr


def test_with_a_folder_the_files_are_there_and_the_summary_is_on_standard_output(tmp_path: Path) -> None:
    done = run("migrate", "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stderr) == (0, "")
    assert {path.name: path.read_text() for path in (tmp_path / "out").iterdir()} == MIGRATION
    assert f"Wrote {len(MIGRATION)} files to {tmp_path / 'out'}" in done.stdout
    assert f"psql -X -v ON_ERROR_STOP=1 -f {tmp_path / 'out' / '01_expand.sql'}" in done.stdout
    assert "\x1b" not in done.stdout


def test_nothing_to_do_says_so_and_writes_nothing(tmp_path: Path) -> None:
    done = run("change_nothing", "--out", str(tmp_path / "out"))
    assert done.returncode == 0
    assert "Nothing to do: the two schemas are equal." in done.stdout
    assert "Note: the order of the columns of customers differs" in done.stdout
    assert not (tmp_path / "out").exists()


def test_a_proof_that_failed_writes_nothing_and_shows_what_was_seen(tmp_path: Path) -> None:
    for options in ((), ("--out", str(tmp_path / "out")), ("--quiet",)):
        done = run("fail_the_proof", *options)
        assert (done.returncode, done.stdout) == (1, "")
        assert "seen:      users: ACCESS EXCLUSIVE" in done.stderr
        assert "--no-proof" in done.stderr
    assert not (tmp_path / "out").exists()


def test_bad_input_is_a_message_with_a_way_out() -> None:
    done = run("bad_input")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "Error: old.py:3: SyntaxError: invalid syntax\n→ Correct it.\n"


def test_no_server_is_a_message_with_a_way_out() -> None:
    done = run("no_server")
    assert done.returncode == 2
    assert "→ Name one with --server." in done.stderr


def test_an_open_question_prints_the_lines_to_paste_and_the_command_to_run_again(tmp_path: Path) -> None:
    done = run("question", "--out", "my folder", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (3, "")
    lines = '\n[backfill."customers.user_id"]\nfrom = "users"\nmatch = ["email"]\nvalue = "users.id"\n\nThen run:'
    assert lines in done.stderr
    assert "gen-migration old.py new.py --out 'my folder' --answers answers.toml\n" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_is_pasted_answers_the_question(tmp_path: Path) -> None:
    said = run("question", cwd=tmp_path).stderr
    (tmp_path / "answers.toml").write_text(said.split("answers.toml:\n")[1].split("Then run:")[0])
    assert run("question", "--answers", "answers.toml", cwd=tmp_path).returncode == 0


def test_an_answers_file_that_is_there_but_not_named_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "answers.toml").write_text("")
    assert "answers.toml is here, but was not named with --answers." in run("question", cwd=tmp_path).stderr


def test_a_password_is_not_printed(tmp_path: Path) -> None:
    done = run("question", "--server", "postgresql://me:secret@db/x", cwd=tmp_path)
    assert "secret" not in done.stderr
    assert "postgresql://me:***@db/x" in done.stderr


def test_a_refusal_says_why_and_the_way_out() -> None:
    done = run("refuse")
    assert (done.returncode, done.stdout) == (4, "")
    assert "the view active_customers differs: views are not changed yet." in done.stderr
    assert "→ Change it by hand" in done.stderr


def test_a_bug_is_one_line_and_the_traceback_is_to_be_had() -> None:
    done = run("bug")
    assert done.returncode == 2
    assert "This is a bug in gen-migration: KeyError: 'customers' (stubbed.py:" in done.stderr
    assert "Traceback" not in done.stderr
    assert "GEN_MIGRATION_TRACEBACK=1" in done.stderr
    assert "Traceback (most recent call last)" in run("bug", GEN_MIGRATION_TRACEBACK="1").stderr


def test_an_interrupt_ends_with_130_and_no_traceback() -> None:
    done = run("interrupted")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "\nInterrupted. Nothing was written.\n")


def test_being_asked_to_end_cleans_up_first() -> None:
    done = run("terminated")
    assert (done.returncode, done.stderr) == (143, "cleaned up\n")


def test_a_reader_who_has_gone_is_no_error() -> None:
    root = Path(__file__).resolve().parents[2]
    argv = [sys.executable, "-m", "tests.cli.stubbed", "slow", "a", "b"]
    with subprocess.Popen(argv, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_a_script_is_utf8_whatever_the_locale() -> None:
    done = run("large", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert done.stdout.startswith("SELECT 'ä';\n")


@pytest.mark.parametrize(
    ("happening", "code"),
    [
        ("migrate", 0),
        ("change_nothing", 0),
        ("fail_the_proof", 1),
        ("bad_input", 2),
        ("bug", 2),
        ("question", 3),
        ("refuse", 4),
    ],
)
def test_json_is_one_document_however_it_ends(happening: str, code: int) -> None:
    done = run(happening, "--json")
    assert done.returncode == code
    document = json.loads(done.stdout)
    SCHEMA.validate(document)
    assert document["exit_code"] == code
    assert ("01_expand.sql" in document["files"]) == (happening == "migrate")


def test_quiet_prints_the_script_and_nothing_else(tmp_path: Path) -> None:
    assert run("migrate", "--quiet").stderr == ""
    done = run("migrate", "--quiet", "--out", str(tmp_path))
    assert (done.stdout, done.stderr) == ("", "")
    assert run("change_nothing", "--quiet").stdout == ""


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--nonsense"], "No such option '--nonsense'."),
        (["--pg", "9"], "Invalid value for '--pg': 9 is not in the range x>=14."),
        (["--rows", "nowhere.sql"], "nowhere.sql: there is no such file."),
        (["third.py"], "Got unexpected extra argument (third.py)"),
    ],
)
def test_a_wrong_option_is_a_message_that_points_to_the_help(options: list[str], message: str) -> None:
    done = run("migrate", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr.replace("\n  ", " ")
    assert "See gen-migration --help." in done.stderr


def test_a_foreign_folder_is_told_before_the_work_is_done(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = run("bug", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "holds files that gen-migration has not written (notes.txt)" in done.stderr.replace("\n  ", " ")
