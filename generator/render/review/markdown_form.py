"""REVIEW.md: for the person who approves a migration, in the body of a pull request or beside the scripts.

It fits into 65,536 characters: where it would not, SQL is shortened first, then the statements are left out, then the
longest lists, and it says so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.render.environment import environment, render_template
from generator.render.review.mermaid import mermaid, tables_in_words
from generator.render.review.page import Page, make_page
from generator.render.review.statements import StageSteps, StatementWords, StepWords
from generator.render.review.subject import Subject

MOST_CHARACTERS = 65_536
"""What GitHub takes as a comment."""

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """How much may be said: characters of SQL for a step, whether each statement is told, and entries for a list.

    None is all of it.
    """

    sql: int | None = None
    statements: bool = True
    entries: int | None = None


_ROOMS = (
    _Room(),
    *(_Room(sql=characters) for characters in (4000, 1000, 300, 0)),
    _Room(sql=0, statements=False),
    *(_Room(sql=0, statements=False, entries=entries) for entries in (200, 100, 50, 20, 5)),
)


def render_review(subject: Subject, templates: Path | None = None) -> str:
    """The text of REVIEW.md. Raises BadInput where a user's template is at fault."""
    made = environment(templates)
    page = make_page(subject, made)
    text = ""
    for room in _ROOMS:
        text = _BLANK_LINES.sub("\n\n", render_template(made, "review.md.j2", **_context(page, room)))
        if len(text) <= MOST_CHARACTERS:
            return text
    note = "\n\n(Cut here: it is longer than a review may be. The rest is in [review.html](review.html).)\n"
    return text[: MOST_CHARACTERS - len(note)] + note


def _context(page: Page, room: _Room) -> dict[str, object]:
    changes, checks = page.plan.changes, page.checks
    return {
        "page": page,
        "plan": page.plan,
        "proof": page.proof,
        "stages": tuple(_stage(stage, room) for stage in page.stages),
        "steps_left_out": tuple(_left_out(stage.steps, room) for stage in page.stages),
        "changes": changes[: room.entries],
        "changes_left_out": _left_out(changes, room),
        "hazards": page.hazards[: room.entries],
        "hazards_left_out": _left_out(page.hazards, room),
        "losses": page.losses[: room.entries],
        "losses_left_out": _left_out(page.losses, room),
        "checks": checks[: room.entries],
        "checks_left_out": _left_out(checks, room),
        "usages": None if page.usages is None else page.usages[: room.entries],
        "usages_left_out": _left_out(page.usages or (), room),
        "fillings": page.fillings[: room.entries],
        "fillings_left_out": _left_out(page.fillings, room),
        "diagram": mermaid(page.picture),
        "tables": tables_in_words(page.picture)[: room.entries],
        "room": room,
    }


def _left_out(entries: Sequence[object], room: _Room) -> int:
    return 0 if room.entries is None else max(0, len(entries) - room.entries)


def _stage(stage: StageSteps, room: _Room) -> StageSteps:
    return replace(stage, steps=tuple(_step(step, room) for step in stage.steps[: room.entries]))


def _step(step: StepWords, room: _Room) -> StepWords:
    return replace(step, statements=_shortened(step.statements, room.sql))


def _shortened(statements: tuple[StatementWords, ...], room: int | None) -> tuple[StatementWords, ...]:
    """The statements of a step with so many characters of SQL together."""
    if room is None or sum(len(each.sql) for each in statements) <= room:
        return statements
    cut = []
    for each in statements:
        sql = each.sql if len(each.sql) <= room else f"{each.sql[:room]}\n-- … {len(each.sql) - room} characters more"
        cut.append(replace(each, sql=sql if room else ""))
        room = max(0, room - len(each.sql))
    return tuple(cut)
