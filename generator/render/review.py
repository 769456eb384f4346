"""REVIEW.md: for the person who approves a migration, from the plan and its proof alone.

It fits into the body of a pull request (65,536 characters): where it would not, SQL is shortened first, then the
longest lists, and it says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.model.plan import CannotUndo, Filling, NothingToUndo, Plan, Statement, Step, Template
from generator.model.proof import Proof
from generator.render.environment import environment, render_template
from generator.render.grouping import grouped_holds, grouped_losses
from generator.render.scripts import statement_text
from generator.render.stages import StageWords, Wait, holds_of, in_words, statements_of

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_CHARACTERS = 65_536
_MOST_NAMES = 12
_BATCHES = ("backfill.sql.j2", "mirror_backfill.sql.j2")
_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """How much may be said: characters of SQL for a step, and entries for a list; None for all."""

    sql: int | None = None
    entries: int | None = None


_ROOMS = (
    _Room(),
    *(_Room(sql=characters) for characters in (4000, 1000, 300, 0)),
    *(_Room(sql=0, entries=entries) for entries in (200, 100, 50, 20, 5)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """A step as the review tells it; ``sql`` is empty where there is no room for it."""

    number: int
    purpose: str
    facts: tuple[str, ...]
    undo: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReview:
    """A stage with its steps; ``left_out`` counts those for which there is no room. ``locks``: a line for each kind."""

    words: StageWords
    locks: tuple[str, ...]
    steps: tuple[StepWords, ...]
    left_out: int


def render_review(plan: Plan, proof: Proof | None, templates: Path | None = None) -> str:
    """The text of REVIEW.md. Raises BadInput where a user's template is at fault."""
    made = environment(templates)
    text = ""
    for room in _ROOMS:
        text = _BLANK_LINES.sub("\n\n", render_template(made, "review.md.j2", **_context(plan, proof, room, made)))
        if len(text) <= MOST_CHARACTERS:
            return text
    note = "\n\n(Cut here: it is longer than a review may be. The rest is in the scripts.)\n"
    return text[: MOST_CHARACTERS - len(note)] + note


def _context(plan: Plan, proof: Proof | None, room: _Room, templates: "Environment") -> dict[str, object]:
    words = in_words(plan)
    hazards = tuple(dict.fromkeys((step.stage, hazard) for step in plan.steps for hazard in step.hazards))
    losses = tuple((stage, loss) for stage in words for loss in grouped_losses(stage.losses, _MOST_NAMES))
    return {
        "plan": plan,
        "proof": proof,
        "stages": tuple(_stage(plan, stage, room, templates) for stage in words),
        "changes": plan.changes[: room.entries],
        "changes_left_out": _left_out(plan.changes, room),
        "hazards": hazards[: room.entries],
        "hazards_left_out": _left_out(hazards, room),
        "losses": losses[: room.entries],
        "losses_left_out": _left_out(losses, room),
        "sql_is_shortened": room.sql is not None,
        "waits": any(stage.wait is not Wait.NONE for stage in words),
        "windows": any(stage.wait is Wait.WINDOW for stage in words),
    }


def _left_out(entries: Sequence[object], room: _Room) -> int:
    return 0 if room.entries is None else max(0, len(entries) - room.entries)


def _stage(plan: Plan, words: StageWords, room: _Room, templates: "Environment") -> StageReview:
    steps = plan.steps_of(words.stage)
    told = tuple(_step(number, step, room, templates) for number, step in enumerate(steps[: room.entries], start=1))
    locks = grouped_holds(words.holds, _MOST_NAMES)
    return StageReview(words=words, locks=locks, steps=told, left_out=_left_out(steps, room))


def _step(number: int, step: Step, room: _Room, templates: "Environment") -> StepWords:
    statements = statements_of(step)
    return StepWords(
        number=number,
        purpose=step.purpose,
        facts=tuple(_facts(statements)),
        undo=_undo(step),
        sql=_shortened("\n\n".join(_sql(each, templates) for each in statements), room.sql) if room.sql != 0 else "",
    )


def _facts(statements: tuple[Statement, ...]) -> list[str]:
    """Locks, scans and rewrites, a sentence each."""
    facts = [f"{hold.table}: {hold.mode}, {hold.words}" for hold in holds_of(statements)]
    scans = sorted({table for statement in statements for table in statement.scans})
    rewrites = sorted({table for statement in statements for table in statement.rewrites})
    if scans:
        facts.append(f"Reads the whole of {', '.join(str(table) for table in scans)}")
    if rewrites:
        facts.append(f"Rewrites {', '.join(str(table) for table in rewrites)}")
    return facts


def _undo(step: Step) -> str:
    if isinstance(step.undo, CannotUndo):
        return f"Cannot be undone: {step.undo.because}"
    if isinstance(step.undo, NothingToUndo):
        return f"Nothing to undo: {step.undo.because}"
    return f"Can be undone; lost then: {step.undo.loses}" if step.undo.loses else "Can be undone; nothing is lost"


def _sql(statement: Statement, templates: "Environment") -> str:
    """The statement as the script has it; of the batches, which are a page long, what they write."""
    template = statement.sql
    if isinstance(template, Template) and isinstance(template.subject, Filling) and template.name in _BATCHES:
        subject = template.subject
        lines = [f"-- in batches, each with its own commit, in {template.name}", f"{subject.column} = {subject.value}"]
        lines += [f"-- from the row of {subject.source} where {subject.match}"] if subject.source else []
        return "\n".join(lines)
    return statement_text(statement, templates) + ";"


def _shortened(sql: str, room: int | None) -> str:
    if room is None or len(sql) <= room:
        return sql
    return f"{sql[:room]}\n-- … {len(sql) - room} characters more in the script"
