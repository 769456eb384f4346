"""What a comparison comes across, one value at a time; ``compare`` sorts them into a Diff."""

from dataclasses import dataclass

from generator.model.answers import Backfill, Question, Refusal
from generator.model.change import Change
from generator.model.schema import QName


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A difference that needs no change, or an answer that is not used, told to people."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A back-fill for a column of the new schema; ``sentence`` is what a person must confirm where it was inferred."""

    table: QName
    column: str
    backfill: Backfill
    sentence: str = ""


Found = Change | Question | Refusal | Note | Filled
