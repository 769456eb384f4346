"""What a live database knows about its size, and what follows for a plan's statements."""

from dataclasses import dataclass

from generator.model.plan import Stage, TableLock
from generator.model.schema import QName


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatistics:
    """One index: its size on disk, in bytes."""

    name: QName
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStatistics:
    """One table as the server's own statistics have it: nothing is counted.

    ``rows`` is the server's estimate (``pg_class.reltuples``), None where the table was never analysed; ``bytes`` is
    the size of its rows on disk without indexes, TOAST included.
    """

    table: QName
    rows: int | None
    bytes: int
    indexes: tuple[IndexStatistics, ...] = ()

    @property
    def index_bytes(self) -> int:
        """The size of all its indexes."""
        return sum(each.bytes for each in self.indexes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Every table of a live database, by name. ``database`` names it without a password."""

    database: str
    server_version: str
    tables: tuple[TableStatistics, ...] = ()

    def of(self, table: QName) -> TableStatistics | None:
        """One table, or None where the database has none of that name."""
        return next((each for each in self.tables if each.table == table), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How much one statement of a plan will touch on a live database, and about how long it will hold its locks.

    ``rows`` is how many rows it reads or writes, ``bytes`` how many bytes; ``seconds`` how long it takes; each is None
    where the statistics do not tell. ``how`` says how the figures were computed. It is an estimate and no measurement.
    """

    stage: Stage
    purpose: str
    statement: str
    locks: tuple[TableLock, ...]
    rows: int | None
    bytes: int | None
    seconds: float | None
    how: str
