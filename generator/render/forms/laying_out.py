"""How a unit's file is laid out: one template a form, and what each of them is given."""

import re
from dataclasses import dataclass
from typing import Any

from generator.errors import BadInput
from generator.render.environment import environment, render_template
from generator.render.forms.form import Job
from generator.render.forms.marks import mark_line
from generator.render.stages import StageWords, in_words
from generator.render.unit_scripts import backwards, forwards
from generator.render.units import Piece, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file of its own, for runners that send a file as one string: at most one statement either way.

    ``number`` counts from 1 to ``of`` in its unit. None: nothing is to be done in this direction.
    """

    unit: Unit
    number: int
    of: int
    piece: Piece | None
    back: Piece | None


def parts_of(unit: Unit, *, both_ways: bool = True) -> tuple[Part, ...]:
    """A unit as files with one statement each. Undone from the last to the first, they do ``unit.back`` in its order.

    Where the way back takes more statements than the way forwards, files come first that do nothing forwards.
    """
    pieces: list[Piece | None] = list(unit.pieces)
    back: list[Piece | None] = list(unit.back) if both_ways else []
    pieces[:0] = (None for _ in range(len(back) - len(pieces)))
    back.extend(None for _ in range(len(pieces) - len(back)))
    pairs = list(zip(pieces, reversed(back), strict=True))
    return tuple(
        Part(unit=unit, number=number, of=len(pairs), piece=piece, back=undo)
        for number, (piece, undo) in enumerate(pairs, 1)
    )


def lay_out_part(job: Job, template: str, part: Part, **more: Any) -> str:
    """The text of one part's file."""
    return _rendered(job, template, part.unit, part=part, number=part.number, of=part.of, **more)


def lay_out_unit(job: Job, template: str, unit: Unit, **more: Any) -> str:
    """The text of a file that holds a whole unit, with the session's timeouts out of the way where it may take long."""
    ways = {"pieces": forwards(unit, job.templates), "back": backwards(unit, job.templates)}
    return _rendered(job, template, unit, number=1, of=1, **ways, **more)


def _rendered(job: Job, template: str, unit: Unit, **more: Any) -> str:
    words = words_of(job, unit)
    mark = mark_line(job.plan, job.mark, unit.stage)
    return render_template(environment(job.templates), template, unit=unit, words=words, mark=mark, **more)


def refuse_lines(job: Job, pattern: str, runner: str) -> None:
    """Raises BadInput where a line of a statement is one by which the runner would cut the file, or lose a part."""
    lines = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for unit in job.chosen:
        for piece in (*unit.pieces, *unit.back):
            found = lines.search(piece.sql)
            if found:
                raise BadInput(
                    f"{unit.title} A statement has the line “{found[0].strip()}”, which {runner} takes for its own.",
                    "Change that line in the schema (a comment in a function's body?), or write for psql.",
                )


def words_of(job: Job, unit: Unit) -> StageWords:
    """What there is to say about the stage of a unit."""
    return next(words for words in in_words(job.plan) if words.stage is unit.stage)
