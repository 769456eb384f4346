"""The two sides of a comparison with what was answered about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.diff.keys import means
from generator.model.answers import Answers, Backfill
from generator.model.change import CommentChanged, CommentTarget
from generator.model.schema import QName, Schema

SPECIAL_TABLES = frozenset({"foreign table", "typed table"})
"""The kinds of Other which are a table as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """``old`` with the new names of its renamed tables, and ``new``; ``former`` gives a renamed table's old name.

    ``columns`` says, by the new table's name, which column became which.
    """

    old: Schema
    new: Schema
    answers: Answers
    former: Mapping[QName, QName] = field(default_factory=dict)
    columns: Mapping[QName, Mapping[str, str]] = field(default_factory=dict)

    def keeps_apart(self, old: str, new: str) -> bool:
        """Whether a person said that the two are no rename."""
        return any(means(old, (one,)) and means(new, (other,)) for one, other in self.answers.keeps_apart)

    def may_lose(self, *keys: str) -> bool:
        """Whether a person accepted the loss, under one of the names that the thing goes by."""
        return any(means(key, self.answers.loses) for key in keys)

    def backfill(self, key: str) -> Backfill | None:
        """What was answered for the column."""
        return next((backfill for written, backfill in self.answers.backfills.items() if means(key, (written,))), None)

    def becomes_special(self, name: QName) -> bool:
        """Whether the new schema has a table of that name which is no plain one."""
        return any(other.table == name and other.kind in SPECIAL_TABLES for other in self.new.others)

    def was_special(self, name: QName) -> bool:
        """The same of the old schema."""
        return any(other.table == name and other.kind in SPECIAL_TABLES for other in self.old.others)


def comment(target: CommentTarget, of: QName, name: str, old: str | None, new: str | None) -> Iterator[CommentChanged]:
    """The change of a comment, if it is one."""
    if old != new:
        yield CommentChanged(target=target, of=of, name=name, old=old, new=new)
