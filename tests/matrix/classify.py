"""One case through the pipeline, and what became of it."""

import traceback
from contextlib import nullcontext
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from unittest.mock import patch

import psycopg

from generator.diff import compare
from generator.errors import GenMigrationError
from generator.load import add_answers, merge, read_answers
from generator.model.answers import Answers, Question, QuestionKind
from generator.model.diff import Diff
from generator.model.plan import Pace, Plan
from generator.model.proof import Finding
from generator.model.schema import Schema
from generator.pipeline import Outcome, Request, run
from generator.plan.planner import UNORDERED
from generator.prove.locks import declared_locks
from generator.server import Server
from tests.matrix.cases import Case
from tests.matrix.dump import dump_schema
from tests.matrix.rows import run_on_rows


class Verdict(StrEnum):
    """What became of a case. Only WRONG is bad."""

    PROVED = "proved"
    ANSWERED = "proved, once answered"
    STOPPED = "proved; on its own rows it stops and goes back"
    REFUSED = "refused"
    OPEN = "question without a suggestion that helps"
    NOTHING = "nothing to do"
    UNKNOWN = "this PostgreSQL does not take it"
    WRONG = "WRONG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """``detail`` says why: the refusal, the questions, the finding, the traceback. ``kinds`` are the changes found.

    ``windows`` are the locks, a text each, under which the plan stops the application for as long as it reads or
    writes a table; ``loses`` what had to be accepted as lost.
    """

    case: Case
    verdict: Verdict
    detail: str = ""
    kinds: frozenset[str] = frozenset()
    windows: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Answers every question with its first suggestion, once; the keys it answered are kept in ``asked``."""

    folder: Path
    asked: dict[tuple[str, str], Question]

    def __call__(self, questions: tuple[Question, ...]) -> Answers | None:
        """The answers, or None where a question has no suggestion or comes a second time."""
        for question in questions:
            if not question.suggestions or (question.kind.value, question.key) in self.asked:
                return None
            self.asked[question.kind.value, question.key] = question
        path = self.folder / "answers.toml"
        add_answers(path, [question.suggestions[0].lines for question in questions])
        return read_answers(path)


def classify(case: Case, server: Server, folder: Path, to: str = "psql") -> Result:
    """Run one case on ``server``; ``folder`` is an empty one for its files. For another runner its units are proved."""
    old = _write(folder / "old.sql", case.old)
    new = _write(folder / "new.sql", case.new)
    asker = Asker(folder=folder, asked={})
    kinds: set[str] = set()

    def watched(old: Schema, new: Schema, answers: Answers) -> Diff:
        found = compare(old, new, answers)
        kinds.update(type(change).__name__ for change in found.changes)
        return found

    try:
        with (
            patch("generator.server.open_server", lambda **_options: nullcontext(server)),
            patch("generator.diff.compare", watched),
        ):
            given = _write(folder / "given.toml", case.answers) if case.answers else None
            outcome = run(Request(old=str(old), new=str(new), answers=given, to=to), ask=asker)
        return replace(
            _judge(case, outcome, asker, server, folder),
            kinds=frozenset(kinds),
            windows=_windows(outcome.plan) if outcome.plan else (),
            loses=tuple(key for kind, key in asker.asked if kind == QuestionKind.LOSES),
        )
    except GenMigrationError as error:
        verdict = Verdict.WRONG if _is_taken(case, server) else Verdict.UNKNOWN
        return Result(case=case, verdict=verdict, detail=f"{type(error).__name__}: {error.message}")
    except Exception:
        return Result(case=case, verdict=Verdict.WRONG, detail=traceback.format_exc())
    finally:
        server.drop_all()


def _judge(case: Case, outcome: Outcome, asker: Asker, server: Server, folder: Path) -> Result:
    asked = "; ".join(f"{kind} {key}" for kind, key in asker.asked)
    if outcome.refusals:
        fault = any(each.because == UNORDERED for each in outcome.refusals)
        return Result(
            case=case,
            verdict=Verdict.WRONG if fault else Verdict.REFUSED,
            detail="; ".join(_short(each.what) for each in outcome.refusals),
        )
    if outcome.questions:
        texts = "; ".join(f"{question.kind.value} {question.key}" for question in outcome.questions)
        return Result(case=case, verdict=Verdict.OPEN, detail=texts)
    if outcome.plan is None:
        difference = dump_difference(case, server)
        verdict = Verdict.WRONG if difference else Verdict.NOTHING
        return Result(case=case, verdict=verdict, detail=difference or "; ".join(outcome.notes))
    if outcome.proof is None:
        return Result(case=case, verdict=Verdict.WRONG, detail="a plan, and no proof of it")
    if not outcome.proof.holds:
        findings = "\n".join(_told(finding) for finding in outcome.proof.findings)
        return Result(case=case, verdict=Verdict.WRONG, detail=findings)
    if case.rows:
        answers = _answers(folder)
        told = [("backfill", key) for key in answers.backfills] + [("rename", key) for key in answers.renames]
        wrong, stopped = run_on_rows(case, outcome.files, (*asker.asked, *told), answers, server, folder)
        if wrong:
            return Result(case=case, verdict=Verdict.WRONG, detail=wrong)
        if stopped:
            return Result(case=case, verdict=Verdict.STOPPED, detail=f"{stopped} (asked: {asked or 'nothing'})")
    return Result(case=case, verdict=Verdict.ANSWERED if asked else Verdict.PROVED, detail=asked)


def _answers(folder: Path) -> Answers:
    """All that the case was answered, beforehand and when it was asked."""
    files = (folder / "given.toml", folder / "answers.toml")
    return merge(*(read_answers(file) for file in files if file.exists()))


def dump_difference(case: Case, server: Server) -> str:
    """The lines in which ``pg_dump --schema-only`` of the two schemas differ; empty where there are none."""
    old, new = (dump_schema(sql, server) for sql in (case.old, case.new))
    return "\n".join(
        [f"- {line}" for line in old if line not in new] + [f"+ {line}" for line in new if line not in old]
    )


def _windows(plan: Plan) -> tuple[str, ...]:
    """The strongest lock on each table of each statement that scans or rewrites under a lock in the way of writers."""
    statements = (each for step in plan.steps for action in step.run for each in action.statements)
    found = declared_locks(each for each in statements if each.pace is Pace.WINDOW)
    return tuple(f"{mode} on {table.name}" for table, mode in found.items())


def _is_taken(case: Case, server: Server) -> bool:
    """Whether the server itself takes the SQL of both sides."""
    for sql in (case.old, case.new):
        database = server.create_database()
        try:
            with database.connect(superuser=True) as connection:
                connection.execute(sql.encode() or b"SELECT")
        except psycopg.Error:
            return False
        finally:
            server.drop_database(database)
    return True


def _told(finding: Finding) -> str:
    return "\n".join(
        (
            f"{finding.check}, {finding.where}",
            f"  statement: {finding.statement}",
            f"  expected:  {finding.expected}",
            f"  seen:      {finding.seen}",
        )
    )


def _short(text: str) -> str:
    return text.splitlines()[0][:160] if text else ""


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
