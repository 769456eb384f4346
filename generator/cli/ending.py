"""However a run ends: an exit code and a message, never a traceback."""

import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import click

from generator.cli import CHECK
from generator.cli.command import command
from generator.cli.terminal import Terminal
from generator.errors import GenMigrationError

TRACEBACK = "GEN_MIGRATION_TRACEBACK"
"""The environment variable that has the traceback of a bug printed."""

_USAGE = 2
_BUG = 2
_ENDED_BY = 128


class Ended(BaseException):
    """Another process asked this one to end; raised so that the server and its folder are put away first."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number."""
        super().__init__(number)
        self.number = number


def end_well(arguments: Sequence[str]) -> int:
    """Run the command and turn every way in which it may end into an exit code."""
    terminal = Terminal(arguments)
    try:
        chosen, words = _chosen(list(arguments))
        with _ended_by_signals(), chosen.make_context("gen-migration", words, obj=terminal) as context:
            return int(chosen.invoke(context) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        return _failed(terminal, error.format_message(), f"See {_program(arguments)} --help.", _USAGE)
    except GenMigrationError as error:
        return _failed(terminal, error.message, error.way_out, error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        terminal.tell("\nInterrupted. Nothing was written.\n")
        return _ENDED_BY + signal.SIGINT
    except Ended as ended:
        return _ENDED_BY + ended.number
    except BrokenPipeError:
        _close_output()
        return _ENDED_BY + signal.SIGPIPE
    except Exception as error:
        return _failed(terminal, *_bug(error), _BUG)


def _chosen(arguments: list[str]) -> tuple[click.Command, list[str]]:
    """The subcommand where one is named first, and what is left for it."""
    if arguments[:1] != [CHECK]:
        return command, arguments
    from generator.cli.check import check_command

    return check_command, arguments[1:]


def _program(arguments: Sequence[str]) -> str:
    return f"gen-migration {CHECK}" if list(arguments[:1]) == [CHECK] else "gen-migration"


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Within it, SIGTERM and SIGHUP raise Ended."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise Ended(number)

    before = {each: signal.signal(each, end) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _failed(terminal: Terminal, message: str, way_out: str, exit_code: int) -> int:
    """Say what went wrong, on standard error and, with --json, as a document on standard output as well."""
    try:
        paint = terminal.paint(terminal.stderr)
        text = paint.wrap(message, then="  ") + (f"\n{paint.wrap(way_out, first='→ ', then='  ')}" if way_out else "")
        terminal.tell(paint.style("Error: ", "bold", "red") + text + "\n")
        if terminal.as_json:
            from generator.render.run_json import Failure, RunReport, render_run_json

            failure = Failure(message=message, way_out=way_out)
            terminal.write(render_run_json(RunReport(exit_code=exit_code, error=failure)))
    except BrokenPipeError:
        _close_output()
    return exit_code


def _bug(error: Exception) -> tuple[str, str]:
    """One line about what we did not expect, and how to see the whole of it."""
    if os.environ.get(TRACEBACK):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({os.path.basename(frames[-1].filename)}:{frames[-1].lineno})" if frames else ""
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    return (
        f"This is a bug in gen-migration: {what}{place}",
        f"Please report it with the traceback, which {TRACEBACK}=1 prints.",
    )


def _close_output() -> None:
    """Keep Python from complaining about the closed pipe once more when it flushes at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())
