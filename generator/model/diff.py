"""What ``compare`` finds between two schemas: what changed, what must be asked, and what is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.model.answers import Backfill, Question, Refusal
from generator.model.change import Change
from generator.model.schema import QName


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """The changes from old to new, in a fixed order that no order of the inputs alters.

    ``questions`` are open: while there are any, ``changes`` is what would hold if every suggestion of "not a rename"
    were taken. ``refusals`` name what differs but is not written. ``backfills`` are keyed by the new schema's table
    and column; those with ``inferred`` set have a sentence each in ``inferred``, for a person to confirm.
    ``notes`` tell of differences which need no change (the order of columns).
    """

    changes: tuple[Change, ...] = ()
    questions: tuple[Question, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    inferred: tuple[str, ...] = ()
    backfills: Mapping[tuple[QName, str], Backfill] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
