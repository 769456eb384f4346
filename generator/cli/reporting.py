"""An outcome in words, or as JSON, and its exit code."""

import re
import shlex
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from generator.cli.asking import Asking
from generator.cli.prompt import shown
from generator.cli.terminal import Terminal
from generator.diff.keys import toml
from generator.errors import OpenQuestions, ProofFailed, Refused
from generator.model.answers import Question, QuestionKind
from generator.render.paint import Paint

if TYPE_CHECKING:
    from generator.pipeline import Outcome
    from generator.render.forms.form import Writing

_PASSWORD = re.compile(r"(?<=://)([^/@:\s]*):[^/@\s]*@")


def exit_code(outcome: "Outcome") -> int:
    """0 written or nothing to do, 1 the proof failed, 3 a question is open, 4 refused."""
    if outcome.refusals:
        return Refused.exit_code
    if outcome.questions:
        return OpenQuestions.exit_code
    return 0 if outcome.proof is None or outcome.proof.holds else ProofFailed.exit_code


def report(outcome: "Outcome", terminal: Terminal, *, out: Path | None, asking: Asking) -> int:
    """Print it all; the exit code."""
    code = exit_code(outcome)
    if terminal.as_json:
        _print_json(outcome, terminal, code, out)
        return code
    if code == 0 and out is None and outcome.plan is not None:
        terminal.write(whole_script(outcome))
    stream = terminal.stdout if code == 0 and (out is not None or outcome.plan is None) else terminal.stderr
    words = _words(outcome, terminal, terminal.paint(stream), out, asking)
    if code != 0:
        terminal.tell(words)
    elif not terminal.quiet:
        stream.write(words)
        stream.flush()
    return code


def whole_script(outcome: "Outcome") -> str:
    """Every stage one after the other, for standard output; rollbacks are files of their own (--out)."""
    names = [name for name in outcome.files if re.fullmatch(r"\d\d_[a-z]+\.sql", name)]
    return "\n".join(outcome.files[name] for name in names)


def _words(outcome: "Outcome", terminal: Terminal, paint: Paint, out: Path | None, asking: Asking) -> str:
    from generator.render.summary import render_refusals, render_summary

    code = exit_code(outcome)
    if code == Refused.exit_code:
        return render_refusals(outcome.refusals, paint)
    if code == OpenQuestions.exit_code:
        return _open_questions(outcome.questions, terminal, paint, asking)
    if outcome.plan is None:
        nothing = paint.style("Nothing to do:", "bold", "green") + " the two schemas are equal.\n"
        return nothing + _told(outcome.notes, paint)
    summary = render_summary(outcome.plan, outcome.proof, paint, outcome.usages) + "\n" + _told(outcome.notes, paint)
    if code == ProofFailed.exit_code:
        return (
            summary
            + paint.wrap(
                "Nothing was written. To look at the scripts all the same, run again with --no-proof.", then="  "
            )
            + "\n"
        )
    return summary + _next(outcome, paint, out, asking)


def _told(notes: tuple[str, ...], paint: Paint) -> str:
    return "".join(paint.wrap(f"Note: {note}", then="  ") + "\n" for note in notes)


def _next(outcome: "Outcome", paint: Paint, out: Path | None, asking: Asking) -> str:
    kept = f"Your answers are in {asking.file}: name it with --answers next time.\n" if asking.answered else ""
    if out is None:
        return paint.plain(f"{kept}Next: --out DIR writes a file for each stage, its rollback, and a review.\n")
    if outcome.writing is not None:
        return paint.plain(kept) + _written(outcome.writing, paint)
    first = next(name for name in outcome.files)
    return paint.plain(
        f"{kept}Wrote {len(outcome.files)} files to {out}\n"
        f"Next: read {out / 'REVIEW.md'}, then run  psql -X -v ON_ERROR_STOP=1 -f {shlex.quote(str(out / first))}\n"
    )


def _written(writing: "Writing", paint: Paint) -> str:
    count = len(writing.new)
    lines = [f"Wrote {count} file{'s' if count != 1 else ''} to {writing.folder}:"]
    lines += [f"  {name}" for name in writing.new]
    lines += [f"  {name} (changed)" for name in writing.replaced]
    return "\n".join([*map(paint.plain, lines), *(paint.wrap(each, then="  ") for each in writing.then)]) + "\n"


def _open_questions(questions: tuple[Question, ...], terminal: Terminal, paint: Paint, asking: Asking) -> str:
    """What is open, the lines to put into the file, and the command to run again."""
    count = "1 question is open" if len(questions) == 1 else f"{len(questions)} questions are open"
    parts = [paint.style(f"{count}; nothing was written.", "bold", "yellow")]
    parts += [shown(question, paint) for question in questions]
    lines = _lines(questions)
    if asking.overlooked:
        parts.append(paint.wrap(f"{asking.file} is here, but was not named with --answers."))
    if lines:
        which = "To take the first of each, put" if any(len(each.suggestions) > 1 for each in questions) else "Put"
        parts.append(f"{which} these lines into {asking.file}:\n\n{paint.plain(lines)}".rstrip())
    own = [each for each in questions if each.kind is QuestionKind.BACKFILL and not each.suggestions[0].lines]
    if own:
        unsaid = "\n\n".join(f'[backfill.{toml(each.key)}]\nvalue = "…"' for each in own)
        parts.append(f"Nothing that is known fits all rows. Put SQL of your own into {asking.file}:\n\n{unsaid}")
    parts.append(f"Then run:\n\n  {paint.plain(_again(terminal.arguments, asking.file))}")
    return "\n\n".join(parts) + "\n"


def _lines(questions: tuple[Question, ...]) -> str:
    """The first suggestion of every question as one piece of TOML, in which no section stands twice."""
    from generator.load import add_answers

    with TemporaryDirectory() as folder:
        file = Path(folder) / "answers.toml"
        add_answers(file, [each.suggestions[0].lines for each in questions if each.suggestions])
        return file.read_text()


def _again(arguments: tuple[str, ...], file: Path) -> str:
    """This run's command with the answers file in it, and without passwords: it may end up in a log."""
    words = list(arguments)
    if not any(word == "--answers" or word.startswith("--answers=") for word in words):
        words += ["--answers", str(file)]
    return _PASSWORD.sub(r"\1:***@", shlex.join(["gen-migration", *words]))


def _print_json(outcome: "Outcome", terminal: Terminal, code: int, out: Path | None) -> None:
    from generator.render.run_json import RunReport, render_run_json

    written = code == 0
    terminal.write(
        render_run_json(
            RunReport(
                exit_code=code,
                plan=outcome.plan,
                proof=outcome.proof,
                questions=outcome.questions,
                refusals=outcome.refusals,
                notes=outcome.notes,
                usages=outcome.usages,
                files=outcome.files if written else {},
                out=str(out) if out is not None and written and outcome.files else None,
            )
        )
    )
