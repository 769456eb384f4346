"""What the README says is so."""

import re
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
COMMANDS = re.findall(r"```sh\n(.*?)\n```", README.split("## What you get")[0], re.DOTALL)


def options() -> set[str]:
    from generator.cli.command import command

    return {
        name
        for parameter in command.get_params(click.Context(command))
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    }


def test_it_names_two_commands() -> None:
    assert len(COMMANDS) == 2
    assert all("\n" not in command for command in COMMANDS)


def test_the_gate_runs_the_second_one() -> None:
    assert COMMANDS[1] in (ROOT / ".ci" / "run").read_text().splitlines()


def test_its_table_of_options_is_the_commands() -> None:
    table = set(re.findall(r"^\| `(--[a-z-]+)", README, re.MULTILINE))
    assert table == options()


def test_every_exit_code_is_told() -> None:
    from generator import errors

    codes = {each.exit_code for each in vars(errors).values() if isinstance(each, type) and hasattr(each, "exit_code")}
    assert codes | {0} == {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}


def test_every_paper_and_folder_that_it_links_to_is_there() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_its_answers_file_is_one(tmp_path: Path) -> None:
    from generator.load import read_answers

    (text,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    path = tmp_path / "answers.toml"
    path.write_text(text)
    assert read_answers(path).backfills["customers.user_id"].source == "users"
