"""How much each statement of a plan will touch on a live database, and about how long: from its statistics alone.

The rates are careful ones: a third or less of what PostgreSQL 18 reached on two cores with 1,000,000 rows in memory
(reading 800 MB/s, rewriting a table with its indexes 108 MB/s, building an index on a text 1,090,000 rows/s, the
batches of a back-fill 150,000 rows/s). A busy server or a slow disk takes longer, an idle one less. They are made to
tell a second from an hour, and nothing finer.
"""

from collections.abc import Iterator

from generator.model.plan import Filling, Offenders, Pace, Plan, Statement, Step, Template
from generator.model.schema import QName
from generator.model.statistics import Estimate, Statistics, TableStatistics

READ = 150_000_000
"""Bytes of a table that are read in a second."""
REWRITTEN = 25_000_000
"""Bytes of a table and its indexes that are written anew in a second."""
INDEXED = 300_000
"""Rows that are sorted into an index in a second."""
FILLED = 50_000
"""Rows that the batches of a back-fill look up and update in a second."""

_MB = 1_000_000


def estimates(plan: Plan, statistics: Statistics) -> tuple[Estimate, ...]:
    """One for every statement of every stage, in the order in which they run."""
    return tuple(
        estimate(step, statement, statistics)
        for step in plan.steps
        for action in step.run
        for statement in action.statements
    )


def estimate(step: Step, statement: Statement, statistics: Statistics) -> Estimate:
    """What one statement touches: rows, bytes and seconds; None where a table was never analysed."""
    rows, size, seconds, how = _worked_out(statement, statistics)
    return Estimate(
        stage=step.stage,
        purpose=step.purpose,
        statement=statement.sql.name if isinstance(statement.sql, Template) else statement.sql,
        locks=statement.locks,
        rows=rows,
        bytes=size,
        seconds=seconds,
        how=how,
    )


def _worked_out(statement: Statement, statistics: Statistics) -> tuple[int | None, int | None, float | None, str]:
    if isinstance(statement.sql, Template):
        return _of_template(statement.sql, statement.pace, statistics)
    if statement.pace is Pace.INSTANT or not (statement.scans or statement.rewrites):
        return 0, 0, 0.0, "touches no rows"
    read = [_known(statistics, table) for table in statement.scans]
    written = [_known(statistics, table) for table in statement.rewrites]
    rows = _sum(table.rows for table in (read or written))
    size = sum(table.bytes for table in read) + sum(table.bytes + table.index_bytes for table in written)
    if written:
        seconds = sum((table.bytes + table.index_bytes) / REWRITTEN for table in written)
        return rows, size, seconds, f"{_mb(size)} written anew at {_mb(REWRITTEN)}/s"
    if " INDEX CONCURRENTLY " in statement.sql:
        # Read twice, sorted once.
        building = 2 * size / READ + rows / INDEXED if rows is not None else None
        return rows, size, building, f"{_mb(size)} read twice at {_mb(READ)}/s, sorted at {INDEXED:,} rows/s"
    return rows, size, size / READ, f"{_mb(size)} read at {_mb(READ)}/s"


def _of_template(
    template: Template, pace: Pace, statistics: Statistics
) -> tuple[int | None, int | None, float | None, str]:
    subject = template.subject
    if pace is not Pace.SCRIPT or not isinstance(subject, Filling | Offenders):
        return 0, 0, 0.0, "touches no rows"
    if isinstance(subject, Filling) and template.name.startswith("backfill."):
        table = _known(statistics, subject.table)
        seconds = table.rows / FILLED if table.rows is not None else None
        return table.rows, table.bytes, seconds, f"every row filled, in batches, at {FILLED:,} rows/s"
    names = [subject.table, *([subject.source] if isinstance(subject, Filling) and subject.source else [])]
    tables = [_known(statistics, name) for name in names]
    size = sum(table.bytes for table in tables)
    return _sum(table.rows for table in tables), size, size / READ, f"{_mb(size)} read at {_mb(READ)}/s"


def _known(statistics: Statistics, name: QName) -> TableStatistics:
    """A table that is not there yet is empty."""
    return statistics.of(name) or TableStatistics(table=name, rows=0, bytes=0)


def _sum(counts: Iterator[int | None]) -> int | None:
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total


def _mb(size: float) -> str:
    return f"{size / _MB:,.0f} MB" if size >= _MB else f"{size / 1000:,.0f} kB"
