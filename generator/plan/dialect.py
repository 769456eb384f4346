"""What planning asks of a database: its recipes. The heart knows no database but through this."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from generator.model.answers import Answers, Backfill, Question, Refusal
from generator.model.change import Change
from generator.model.facts import Facts
from generator.model.plan import Step
from generator.model.schema import QName, Schema


class Dialect(Protocol):
    """One database system."""

    def steps(
        self,
        changes: tuple[Change, ...],
        old: Schema,
        new: Schema,
        answers: Answers,
        backfills: Mapping[tuple[QName, str], Backfill],
        facts: Facts,
    ) -> Iterable[Step | Refusal | Question]:
        """The steps of all changes, and a refusal or a question for each change that is not written (yet)."""
        ...
