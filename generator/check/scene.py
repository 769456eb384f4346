"""Databases with rows for a script that is checked: made as the proof makes them, or a user's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.model.plan import Filling
from generator.model.schema import QName
from generator.pipeline import Outcome, Prepared
from generator.prove.application import FRESH, FRESH_BESIDE_OTHERS, Application, first_keys
from generator.prove.bench import runner_for
from generator.prove.insert import Row
from generator.prove.prepare import RowMakers, prepare_rows
from generator.prove.renamed import fillings_called
from generator.prove.rows import RowMaker
from generator.prove.seed import seed
from generator.prove.state import count_rows
from generator.prove.subjects import fillings_of, mirrors_of
from generator.prove.user_rows import load_rows
from generator.sides import Side

if TYPE_CHECKING:
    from generator.server import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """``seeded`` holds the old schema with rows that suit the change, where one was understood.

    ``freely`` holds rows that nothing but the old schema asks for; it is None where the rows are a user's own, which
    are then in ``seeded``. ``fillings`` are by the old names. ``old`` and ``new`` are the two
    versions of the application.
    """

    seeded: "Database"
    freely: "Database | None"
    old: Application
    new: Application
    rows: Mapping[QName, int]
    fillings: tuple[Filling, ...]
    notes: tuple[str, ...]


def set_scene(prepared: Prepared, after: Side, planned: Outcome, rows_file: Path | None) -> Scene:
    """Make rows for the way from the old schema to ``after``. Raises BadInput for rows that do not fit."""
    server, old = prepared.server, prepared.old
    plan, renamed = planned.plan, planned.renamed
    fillings = fillings_of(plan) if plan is not None else ()
    mirrors = mirrors_of(plan) if plan is not None else ()
    formerly = fillings_called(fillings, {new: old for old, new in renamed.items()})
    seeded = server.create_database(old.database)
    freely = None
    notes: tuple[str, ...] = ()
    with seeded.connect() as connection:
        makers = prepare_rows(connection, old.schema, after.schema, fillings, mirrors, after.database.connect, renamed)
        if rows_file is not None:
            load_rows(rows_file, seeded, lambda folder: runner_for(server.psql, folder))
        else:
            notes = seed(connection, makers.old, makers.plainer, formerly)
        rows = {name: count for name, (count, _) in count_rows(connection, old.schema.tables).items()}
        keys = first_keys(connection, old.schema.tables)
    if rows_file is None:
        freely = _freely(prepared)
    own = rows_file is None
    return Scene(
        seeded=seeded,
        freely=freely,
        old=_application(makers.old, keys, formerly, own=own),
        new=_application(makers.new, {renamed.get(name, name): row for name, row in keys.items()}, fillings, own=own),
        rows=rows,
        fillings=formerly,
        notes=notes,
    )


def _freely(prepared: Prepared) -> "Database":
    """Rows as the old schema alone has them: what is to be matched, or filled, does not come out right by itself."""
    old = prepared.old
    database = prepared.server.create_database(old.database)
    with database.connect() as connection:
        makers: RowMakers = prepare_rows(connection, old.schema, old.schema, (), (), None)
        seed(connection, makers.old, makers.plainer, ())
    return database


def _application(maker: RowMaker, keys: Mapping[QName, Row], fillings: Sequence[Filling], *, own: bool) -> Application:
    return Application(
        maker=maker,
        keys=keys,
        own_rows=own,
        fillings=tuple(fillings),
        first=FRESH if own else FRESH_BESIDE_OTHERS,
    )
