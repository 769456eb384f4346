"""A schema as its source declares it, before PostgreSQL has read it."""

from dataclasses import dataclass, field

from generator.model.answers import Answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A piece of DDL that belongs together (one table with its indexes and comments; one enum; one file).

    ``needs`` are the names of the units which must be there first; ``late`` DDL (foreign keys) runs after all units,
    ``late_needs`` are the units that it needs. ``origin`` names the file (and the first line) for messages.
    ``before_18`` is ``sql`` for an older server, where it reads otherwise (a generated column is VIRTUAL or STORED).
    """

    name: str
    sql: str
    needs: tuple[str, ...] = ()
    late: str = ""
    late_needs: tuple[str, ...] = ()
    origin: str = ""
    before_18: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program of the user's project that makes the schema by itself in an empty database which it is given.

    ``kind`` says which, ``python`` is the interpreter that has the project's packages, ``folder`` the current one of
    the process, ``options`` are what it is to do, by name.
    """

    kind: str
    python: str
    folder: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One side: its units in an order that can be run, and the answers that its models carry in ``info``.

    ``major`` is the major version of the live database that it was read from. ``models`` is set where it comes from
    models, which cannot say all that a database may hold (views, functions, grants …): what they leave out is not gone.
    ``printed`` is what the module wrote while it was loaded. ``roles`` are statements that make the roles which it
    declares: these belong to the server and not to the database. ``snapshot`` is the JSON text of the Drizzle snapshot
    that it was read from, whole. With a ``program`` there are no units before it has run on a scratch server.
    ``notes`` are sentences that a person should read.
    """

    source: str
    units: tuple[Unit, ...] = ()
    major: int | None = None
    models: bool = False
    hints: Answers = field(default_factory=Answers)
    printed: str = ""
    roles: tuple[str, ...] = ()
    snapshot: str = ""
    program: Program | None = None
    notes: tuple[str, ...] = ()
