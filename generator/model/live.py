"""What was found in a live database before anything was run there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.model.statistics import Statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """So many ``rows`` of which ``what`` is true; ``expected`` is None where any number will do."""

    what: str
    rows: int
    expected: int | None

    @property
    def stops(self) -> bool:
        """Whether the migration will stop because of it."""
        return self.expected is not None and self.rows != self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """Sizes, and for each column that is to be filled what the preflight counted; or, in ``uncounted``, why not."""

    statistics: Statistics
    counts: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    uncounted: Mapping[str, str] = field(default_factory=dict)
