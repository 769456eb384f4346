"""The back-fills as a review tells them: how rows are matched, what is counted first, what becomes of the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.dialects.postgres.live_look import Preflight
from generator.dialects.postgres.names import ident
from generator.model.answers import Unmatched
from generator.model.live import Count
from generator.model.plan import Filling, Plan, Template
from generator.model.schema import QName, Schema
from generator.render.environment import render_template
from generator.render.review.subject import Subject

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class FillingWords:
    """The filling of one column. ``sentences`` tell all of it; ``preflight`` is a query that counts beforehand.

    ``search_path`` is what the query has to be read with. ``counts`` are its answers in a live database; ``uncounted``
    says why there are none, where it was asked.
    """

    name: str
    inferred: bool
    sentences: tuple[str, ...]
    preflight: str
    search_path: str
    counts: tuple[Count, ...] = ()
    uncounted: str = ""


def fillings_in_words(subject: Subject, templates: "Environment") -> tuple[FillingWords, ...]:
    """Every back-fill of the plan, in its order."""
    live = subject.live
    return tuple(
        FillingWords(
            name=name_of(filling),
            inferred=filling.backfill.inferred,
            sentences=tuple(_sentences(filling)),
            preflight=preflight(filling, subject, templates),
            search_path=search_path(filling),
            counts=live.counts.get(name_of(filling), ()) if live else (),
            uncounted=live.uncounted.get(name_of(filling), "") if live else "",
        )
        for filling in fillings_of(subject.plan)
    )


def name_of(filling: Filling) -> str:
    """The column that is filled, as people are shown it."""
    return f"{filling.table}.{filling.column}"


def search_path(filling: Filling) -> str:
    """Where its expressions look for operators and functions, as SQL."""
    return ", ".join([*map(ident, filling.search_path), "pg_temp"])


def fillings_of(plan: Plan) -> tuple[Filling, ...]:
    """The fillings that the plan's steps run, each once."""
    found = [
        statement.sql.subject
        for step in plan.steps
        for action in step.run
        for statement in action.statements
        if isinstance(statement.sql, Template) and isinstance(statement.sql.subject, Filling)
        and statement.sql.name == "backfill.sql.j2"
    ]  # fmt: skip
    return tuple(each for place, each in enumerate(found) if each not in found[:place])


def preflights(subject: Subject, templates: "Environment") -> dict[str, Preflight]:
    """The query of each column that is filled, by its name."""
    return {
        name_of(filling): Preflight(query=preflight(filling, subject, templates), search_path=search_path(filling))
        for filling in fillings_of(subject.plan)
    }


def preflight(filling: Filling, subject: Subject, templates: "Environment") -> str:
    """The query that counts before anything is run, over the tables as they are called in the old schema."""
    before = {new: old for old, new in subject.renamed.items()}
    table = before.get(filling.table, filling.table)
    return render_template(
        templates,
        "preflight.sql.j2",
        subject=filling,
        table=table,
        source=before.get(filling.source, filling.source) if filling.source else None,
        there=_has_column(subject.old, table, filling.column),
    ).strip()


def _has_column(schema: Schema, table: QName, column: str) -> bool:
    return any(each.name == table and each.has_column(column) for each in schema.tables)


def _sentences(filling: Filling) -> Iterator[str]:
    name = name_of(filling)
    if filling.source is None:
        yield f"{name} is filled with {filling.value}, where it is NULL."
    else:
        yield f"{name} is filled with {filling.value} of the row of {filling.source} where {filling.match}."
        stops = filling.backfill.unmatched is Unmatched.STOP
        yield _unmatched(filling)
        yield f"A row that matches several rows of {filling.source} stops the back-fill{' as well' if stops else ''}."
    if filling.unique:
        yield "A value that two rows would get stops it, since the column is to be unique."
    if filling.required:
        yield "Rows that are left without a value stop the migration before NOT NULL is enforced."
    if filling.sync:
        yield "Rows that the old version of the application writes meanwhile are filled by a trigger."


def _unmatched(filling: Filling) -> str:
    match filling.backfill.unmatched:
        case Unmatched.STOP:
            return "A row that matches none stops the back-fill before anything is written, with a count and examples."
        case Unmatched.CREATE:
            made = ", ".join(f"{column} = {value}" for column, value in filling.create)
            return f"For a row that matches none a row of {filling.source} is made ({made})."
        case Unmatched.LEAVE:
            return "A row that matches none stays without a value."
        case Unmatched.DELETE:
            return "A row that matches none is deleted, and kept aside for the rollback."
