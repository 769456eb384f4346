"""Stages, steps and statements as a review tells them: what each does to the tables, as declared and as seen."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.model.plan import (
    Action,
    CannotUndo,
    Filling,
    LockMode,
    NothingToUndo,
    Offenders,
    Pace,
    Statement,
    Step,
    TableLock,
    Template,
    Undo,
)
from generator.model.proof import Observed
from generator.model.schema import QName
from generator.model.statistics import Estimate, Statistics
from generator.plan.estimate import estimate
from generator.render.review.subject import Subject
from generator.render.scripts import statement_text
from generator.render.stages import Hold, StageWords, Wait, WayBack, holds_of, in_words, way_back

if TYPE_CHECKING:
    from jinja2 import Environment

_BATCHES = ("backfill.sql.j2", "mirror_backfill.sql.j2")
_MOST_OF_A_HEAD = 110

RETRIES = {
    Pace.INSTANT: (
        "Waits for its lock 5, then 30, then 100 ms at most, lets go, pauses, and tries again: up to 60 times,"
        " in about a minute."
    ),
    Pace.LONG: "Waits for its lock up to a minute, which the application does not feel; tries up to 10 times.",
    Pace.CONCURRENT: "Not in a transaction. If it is interrupted, run the script again: what is half done is redone.",
    Pace.SCRIPT: "If it is interrupted, run the script again.",
    Pace.WINDOW: (
        "Waits for its lock 5, then 30, then 100 ms at most, lets go, pauses, and tries again; once it has it, it holds"
        " it for as long as the table is read or rewritten."
    ),
}
"""How a statement is run, and run again: as templates/instant.sql.j2 and templates/body.sql.j2 do it."""

_BATCHED = (
    "In batches, each a transaction of its own; a row that somebody else has locked is tried again. If it is"
    " interrupted, run the script again: it goes on where it was."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementWords:
    """One statement. ``head`` is its beginning in one line; ``seen`` what the proof saw of it, empty without a proof.

    ``agrees`` is False where something else was seen than declared. ``estimate`` is what it will touch in a live
    database, None where none was looked at, or nothing is touched.
    """

    sql: str
    head: str
    holds: tuple[Hold, ...]
    reads: tuple[str, ...]
    rewrites: tuple[str, ...]
    retry: str
    seen: str
    agrees: bool
    estimate: Estimate | None = None

    @property
    def wait(self) -> Wait:
        """How long the application waits for it at worst."""
        return max((hold.wait for hold in self.holds), default=Wait.NONE)

    @property
    def effects(self) -> str:
        """What it reads and rewrites, in a few words."""
        parts = [f"reads the whole of {', '.join(self.reads)}"] if self.reads else []
        parts += [f"rewrites {', '.join(self.rewrites)}"] if self.rewrites else []
        return " and ".join(parts) or "reads and rewrites no table"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """A step: what it does, its statements, and the way back from it (``undo`` says it in a sentence)."""

    number: int
    name: str
    purpose: str
    statements: tuple[StatementWords, ...]
    undo: str
    way_back: WayBack
    undo_statements: tuple[StatementWords, ...]

    @property
    def sql(self) -> str:
        """The SQL of all its statements."""
        return "\n\n".join(f"{statement.sql};" for statement in self.statements)

    @property
    def wait(self) -> Wait:
        """How long the application waits for it at worst."""
        return max((statement.wait for statement in self.statements), default=Wait.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSteps:
    """A stage with its steps."""

    words: StageWords
    steps: tuple[StepWords, ...]


def stages_in_words(subject: Subject, templates: "Environment") -> tuple[StageSteps, ...]:
    """Every stage that has something to do, with every statement of it."""
    plan, proof = subject.plan, subject.proof
    statistics = subject.live.statistics if subject.live else None
    seen = {(each.step, each.undo, each.action, each.statement): each for each in proof.observed} if proof else None
    at = {id(step): place for place, step in enumerate(plan.steps)}
    return tuple(
        StageSteps(
            words=words,
            steps=tuple(
                _estimated(step, _step(number, at[id(step)], step, seen, templates), statistics)
                for number, step in enumerate(plan.steps_of(words.stage), start=1)
            ),
        )
        for words in in_words(plan)
    )


def _estimated(step: Step, words: StepWords, statistics: Statistics | None) -> StepWords:
    if statistics is None:
        return words
    found = [estimate(step, statement, statistics) for action in step.run for statement in action.statements]
    told = tuple(
        replace(each, estimate=guess if guess.rows != 0 else None)
        for each, guess in zip(words.statements, found, strict=True)
    )
    return replace(words, statements=told)


_Seen = Mapping[tuple[int, bool, int, int], Observed] | None


def _step(number: int, at: int, step: Step, seen: _Seen, templates: "Environment") -> StepWords:
    undo = step.undo.actions if isinstance(step.undo, Undo) else ()
    return StepWords(
        number=number,
        name=f"{step.stage}-{number}",
        purpose=step.purpose,
        statements=_statements(at, step.run, seen, templates, undo=False),
        undo=_undo(step),
        way_back=way_back((step,)),
        undo_statements=_statements(at, undo, seen, templates, undo=True),
    )


def _statements(
    at: int, actions: Sequence[Action], seen: _Seen, templates: "Environment", *, undo: bool
) -> tuple[StatementWords, ...]:
    return tuple(
        _statement(statement, action.statements[:place], None if seen is None else seen.get((at, undo, number, place)),
                   templates, proved=seen is not None)
        for number, action in enumerate(actions)
        for place, statement in enumerate(action.statements)
    )  # fmt: skip


def _statement(
    statement: Statement,
    before: Sequence[Statement],
    observed: Observed | None,
    templates: "Environment",
    *,
    proved: bool,
) -> StatementWords:
    declared = _strongest(lock for each in (*before, statement) for lock in each.locks)
    if statement.pace is Pace.CONCURRENT:
        declared = _strongest(statement.locks)
    seen, agrees = _seen(statement, declared, observed) if proved else ("", True)
    return StatementWords(
        sql=sql_of(statement, templates),
        head=_head(statement, templates),
        holds=holds_of((statement,)),
        reads=tuple(str(table) for table in statement.scans),
        rewrites=tuple(str(table) for table in statement.rewrites),
        retry=_BATCHED if _is_batches(statement) else RETRIES[statement.pace],
        seen=seen,
        agrees=agrees,
    )


def _strongest(locks: Iterable[TableLock]) -> dict[QName, LockMode]:
    found: dict[QName, LockMode] = {}
    for lock in locks:
        found[lock.table] = max(found.get(lock.table, lock.mode), lock.mode, key=lambda mode: mode.strength)
    return found


def _seen(statement: Statement, declared: Mapping[QName, LockMode], observed: Observed | None) -> tuple[str, bool]:
    """What the proof saw, in words, and whether that is what was declared."""
    if observed is None:
        return "not seen: on the scratch server it had nothing to do, or could not be watched", True
    held = {
        lock.table: lock.mode
        for lock in observed.locks
        if lock.table in declared or lock.mode is not LockMode.ACCESS_SHARE
    }
    same_reads = not observed.reads or (
        set(observed.scans) <= set(statement.scans) and set(observed.rewrites) == set(statement.rewrites)
    )
    if held == dict(declared) and same_reads:
        return "seen as declared", True
    said = [f"{mode.value} on {table}" for table, mode in held.items()] or ["no table lock"]
    said += [f"a read of the whole of {table}" for table in observed.scans]
    said += [f"a rewrite of {table}" for table in observed.rewrites]
    return f"seen: {', '.join(said)}", False


def _undo(step: Step) -> str:
    if isinstance(step.undo, CannotUndo):
        return f"Cannot be undone: {step.undo.because}"
    if isinstance(step.undo, NothingToUndo):
        return f"Nothing to undo: {step.undo.because}"
    return f"Can be undone; lost then: {step.undo.loses}" if step.undo.loses else "Can be undone; nothing is lost"


def _is_batches(statement: Statement) -> bool:
    return isinstance(statement.sql, Template) and statement.sql.name in _BATCHES


def sql_of(statement: Statement, templates: "Environment") -> str:
    """The statement as the script has it; of the batches, which are a page long, what they write."""
    template = statement.sql
    if _is_batches(statement) and isinstance(template, Template) and isinstance(template.subject, Filling):
        subject = template.subject
        lines = [f"-- in batches, each with its own commit, in {template.name}", f"{subject.column} = {subject.value}"]
        lines += [f"-- from the row of {subject.source} where {subject.match}"] if subject.source else []
        return "\n".join(lines)
    return statement_text(statement, templates)


def _head(statement: Statement, templates: "Environment") -> str:
    """One line that tells which statement it is."""
    template = statement.sql
    if isinstance(template, Template):
        subject = template.subject
        if isinstance(subject, Filling) and template.name in _BATCHES:
            return f"UPDATE {subject.table} SET {subject.column} = … in batches"
        if isinstance(subject, Offenders) or template.name.startswith("gate"):
            return f"a query on {subject.table} that stops the script where it finds a row"
    text = re.sub(r"\s+", " ", statement_text(statement, templates)).strip()
    return text if len(text) <= _MOST_OF_A_HEAD else text[: _MOST_OF_A_HEAD - 1] + "…"
