"""The command with a pipeline that is made up: ``python -m tests.cli.stubbed <what happens> <arguments>``."""

import os
import signal
import sys
import time
from collections.abc import Callable

from generator import pipeline
from generator.cli import main
from generator.errors import BadInput, ServerUnavailable
from generator.model.answers import Answers
from generator.pipeline import Ask, Outcome, Progress, Request, leave_open
from generator.render.plan_json import render_plan_json
from tests.render.plans import FAILED, FILES, LINK_CUSTOMERS, PROOF, QUESTION, REFUSAL, WITH_CLEANUP

MIGRATION = {**FILES, "REVIEW.md": "# Review\n", "plan.json": render_plan_json(LINK_CUSTOMERS, PROOF, FILES)}


def migrate(request: Request, ask: Ask, progress: Progress) -> Outcome:
    return Outcome(plan=LINK_CUSTOMERS, proof=PROOF if request.prove else None, files=MIGRATION)


def change_nothing(request: Request, ask: Ask, progress: Progress) -> Outcome:
    return Outcome(notes=("the order of the columns of customers differs",))


def fail_the_proof(request: Request, ask: Ask, progress: Progress) -> Outcome:
    return Outcome(plan=WITH_CLEANUP, proof=FAILED, files=MIGRATION)


def refuse(request: Request, ask: Ask, progress: Progress) -> Outcome:
    return Outcome(refusals=(REFUSAL,))


def question(request: Request, ask: Ask, progress: Progress) -> Outcome:
    """Asks until the answers have a back-fill for the column."""
    from generator.load import read_answers

    answers = read_answers(request.answers) if request.answers else Answers()
    while QUESTION.key not in answers.backfills:
        progress("Thinking")
        time.sleep(0.5)
        more = ask((QUESTION,))
        if more is None:
            return Outcome(questions=(QUESTION,))
        answers = more
    return migrate(request, ask, progress)


def bad_input(request: Request, ask: Ask, progress: Progress) -> Outcome:
    raise BadInput("old.py:3: SyntaxError: invalid syntax", "Correct it.")


def no_server(request: Request, ask: Ask, progress: Progress) -> Outcome:
    raise ServerUnavailable("No PostgreSQL could be started.", "Name one with --server.")


def bug(request: Request, ask: Ask, progress: Progress) -> Outcome:
    raise KeyError("customers")


def slow(request: Request, ask: Ask, progress: Progress) -> Outcome:
    progress("Proving")
    time.sleep(1)
    return migrate(request, ask, progress)


def interrupted(request: Request, ask: Ask, progress: Progress) -> Outcome:
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(5)
    raise AssertionError("it went on")


def terminated(request: Request, ask: Ask, progress: Progress) -> Outcome:
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
    finally:
        print("cleaned up", file=sys.stderr)
    raise AssertionError("it went on")


def large(request: Request, ask: Ask, progress: Progress) -> Outcome:
    files = {"01_expand.sql": "SELECT 'ä';\n" * 200_000, "plan.json": MIGRATION["plan.json"]}
    return Outcome(plan=LINK_CUSTOMERS, proof=PROOF, files=files)


HAPPENINGS: dict[str, Callable[[Request, Ask, Progress], Outcome]] = {
    each.__name__: each
    for each in (
        migrate,
        change_nothing,
        fail_the_proof,
        refuse,
        question,
        bad_input,
        no_server,
        bug,
        slow,
        interrupted,
        terminated,
        large,
    )
}


def stub(happening: str) -> None:
    """Let the pipeline do that from now on."""

    def run(request: Request, *, ask: Ask = leave_open, progress: Progress = lambda _: None) -> Outcome:
        return HAPPENINGS[happening](request, ask, progress)

    pipeline.run = run


if __name__ == "__main__":
    stub(sys.argv[1])
    sys.exit(main(sys.argv[2:]))
