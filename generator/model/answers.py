"""What the schemas cannot say: questions, and the answers to them.

An answer comes from the models' ``info``, from the answers file, from a prompt, or is inferred where that is safe.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from generator.model.schema import QName


class Unmatched(StrEnum):
    """What happens to a row which finds no row of the other table."""

    STOP = "stop"
    CREATE = "create"
    LEAVE = "leave"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """How a column is filled for the rows that exist.

    ``value`` is one SQL expression over the row (and, with ``source``, over the row of that table which ``match``
    finds); tables are written by their bare names. ``match`` is one SQL condition, or names columns that both share.
    ``create`` gives the missing row of ``source``, column by column, for ``unmatched = "create"``.
    """

    value: str
    source: str | None = None
    match: str | tuple[str, ...] | None = None
    unmatched: Unmatched = Unmatched.STOP
    create: Mapping[str, str] = field(default_factory=dict)
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """How a column's values go to another type and back: each one SQL expression over the row."""

    using: str
    back: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumValues:
    """What becomes of the values that an enum loses: ``map`` gives each its new one, ``gone`` are in no row.

    The migration stops where a row has one that is gone, or of which nothing is said.
    """

    map: Mapping[str, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything answered. Keys are as people write them: ``table``, ``table.column``, ``schema.table.column``.

    ``renames`` goes from the old name to the new one; ``enums`` says by the enum what becomes of values; ``loses``,
    ``locks`` and ``breaks`` hold what ``[accept]`` lists: data that may go, tables that may be locked for as long as
    their size asks for, and things at which the old or the new version of the application breaks. ``keeps_apart`` holds
    pairs (old, new) that were asked about and are no rename. ``origin`` says for each key where the answer was given,
    for messages (``answers.toml:3``).
    """

    backfills: Mapping[str, Backfill] = field(default_factory=dict)
    conversions: Mapping[str, Conversion] = field(default_factory=dict)
    enums: Mapping[str, EnumValues] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    keeps_apart: frozenset[tuple[str, str]] = frozenset()
    loses: frozenset[str] = frozenset()
    locks: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    origin: Mapping[str, str] = field(default_factory=dict)


class QuestionKind(StrEnum):
    """What is asked."""

    RENAME = "rename"
    BACKFILL = "backfill"
    CONVERT = "convert"
    ENUM = "enum"
    LOSES = "loses"
    LOCKS = "locks"
    BREAKS = "breaks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One possible answer, best first: ``label`` for people, ``lines`` as they would stand in the answers file."""

    label: str
    lines: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something only a person knows. ``key`` names what it is about, as in the answers file."""

    kind: QuestionKind
    key: str
    text: str
    because: str
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A change that is not written, why, and what to do instead."""

    what: str
    because: str
    way_out: str


def key_of(table: QName, column: str | None = None) -> str:
    """The key under which answers speak of a table or column: names with odd characters are quoted as in SQL."""
    parts: tuple[str, ...] = (table.name,) if table.schema == "public" else (table.schema, table.name)
    if column is not None:
        parts += (column,)
    return ".".join(_word(part) for part in parts)


def _word(part: str) -> str:
    plain = part.replace("_", "a").isalnum() and part == part.lower()
    return part if plain else '"' + part.replace('"', '""') + '"'
