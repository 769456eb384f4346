"""What is to be proved, and on what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.model.plan import Plan, Statement
from generator.model.schema import QName, Schema

if TYPE_CHECKING:
    from psycopg import Connection

    from generator.server import Database, Server


def _silent(_doing: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofRequest:
    """A plan, its scripts by file name as they are written, and the two schemas it leads from and to.

    ``old_database`` and ``new_database`` hold these schemas and no rows, and nobody is connected to them. ``read``
    reads a database into a Schema; ``render_statement`` gives a statement's SQL, a template's laid out.
    ``renamed`` are the tables with another name in the new schema, by the old one.
    ``labels`` are, by the type, the values of an enum that a migration can carry over, where it cannot all of them.
    ``prelude`` is SQL that a session runs before it asks whether a step is done.
    ``rows_file`` holds a user's own rows as SQL; without it rows are made. ``progress`` is told what is being done.
    """

    plan: Plan
    scripts: Mapping[str, str]
    old: Schema
    new: Schema
    server: "Server"
    old_database: "Database"
    new_database: "Database"
    read: "Callable[[Connection[tuple[Any, ...]]], Schema]"
    render_statement: Callable[[Statement], str]
    renamed: Mapping[QName, QName] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prelude: str = ""
    rows_file: Path | None = None
    progress: Callable[[str], None] = _silent
