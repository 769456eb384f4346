"""A folder of Drizzle's migrations, in one of its two layouts."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Layout = Literal["journal", "folders"]
"""``journal``: ``<tag>.sql``, ``meta/_journal.json`` and ``meta/<prefix>_snapshot.json`` (drizzle-kit up to 0.31);
``folders``: ``<tag>/migration.sql`` and ``<tag>/snapshot.json`` (from 1.0 on)."""

Prefixes = Literal["index", "timestamp", "unix", "none"]
"""How tags begin: ``0001``, fourteen digits of a time, seconds since 1970, or nothing before the underscore."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrizzleMigration:
    """One migration. ``snapshot`` is None for one that was written by hand; ``when`` (ms) and ``number`` are what its
    entry in the journal says, None where there is no journal."""

    tag: str
    sql: Path
    snapshot: Path | None = None
    when: int | None = None
    number: int | None = None

    @property
    def prefix(self) -> str:
        """What stands before the first underscore of the tag."""
        return self.tag.partition("_")[0]

    @property
    def name(self) -> str:
        """What stands behind it."""
        return self.tag.partition("_")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrizzleFolder:
    """``migrations`` are in the order in which the migrator runs them."""

    path: Path
    layout: Layout
    migrations: tuple[DrizzleMigration, ...] = ()

    @property
    def newest(self) -> DrizzleMigration | None:
        """The last one that has a snapshot; None in a folder without any."""
        return next((each for each in reversed(self.migrations) if each.snapshot is not None), None)

    @property
    def next_number(self) -> int:
        """The journal's number for one more migration."""
        numbers = [each.number for each in self.migrations if each.number is not None]
        return numbers[-1] + 1 if numbers else 0

    @property
    def last_when(self) -> int:
        """The latest time (ms) in the journal: only an entry with a later one is ever run."""
        return max((each.when for each in self.migrations if each.when is not None), default=0)

    @property
    def prefixes(self) -> Prefixes:
        """How the tags begin so far, by the last one; in an empty folder as drizzle-kit would by itself."""
        if not self.migrations:
            return "index" if self.layout == "journal" else "timestamp"
        prefix = self.migrations[-1].prefix
        if not prefix.isdigit():
            return "none"
        return "timestamp" if len(prefix) == 14 else "unix" if len(prefix) == 10 else "index"
