"""One schema of the two, read by PostgreSQL in a database of its own; and owners, which take both of them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from generator.model.answers import Answers
from generator.model.declared import Declared

if TYPE_CHECKING:
    from generator.model.schema import Other, Schema
    from generator.server import Database, Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One schema as PostgreSQL read it, the database that holds it, and what stood in for an extension there.

    ``named`` are owners that the source names and the other one may name otherwise. ``owned`` are the kinds and names
    of those objects of which both sides name another owner: only these belong to their owners in the database.
    """

    declared: Declared
    schema: "Schema"
    database: "Database"
    stood_in: tuple[str, ...]
    notes: tuple[str, ...] = ()
    named: "tuple[Other, ...]" = ()
    owned: tuple[tuple[str, str], ...] = ()


def read_side(declared: Declared, server: "Server", owners: Collection[str] = ()) -> Side:
    """Declare it in a database of its own, and read that. ``owners`` are the statements on owners that count."""
    from generator.dialects.postgres.catalog import read_schema
    from generator.dialects.postgres.declare import declare
    from generator.dialects.postgres.emptying import empty_tables
    from generator.dialects.postgres.extension_facts import with_named_versions
    from generator.dialects.postgres.owner_text import NamedOwners
    from generator.dialects.postgres.owners import named_owners

    if declared.program is not None:
        from generator.load.programs.run import run_program

        declared = run_program(declared, server)
    database = server.create_database()
    named = NamedOwners(wanted=frozenset(owners))
    with database.connect() as connection:
        superuser = (lambda: database.connect(superuser=True)) if server.embedded else None
        stood_in = declare(declared, connection, superuser, named)
        empty_tables(declared, connection, superuser)
        schema = with_named_versions(read_schema(connection), declared)
        return Side(
            declared=declared,
            schema=schema,
            database=database,
            stood_in=stood_in,
            named=named_owners(named, connection),
        )


def give_where_both_name(old: Side, new: Side, answers: Answers, server: "Server") -> tuple[Side, Side]:
    """Both sides, in which that belongs to its owner which both say belongs to somebody, each to another one.

    Answers say which table became which. Raises BadInput where a server that is not ours lacks such a role.
    """
    if not old.named or not new.named:
        return old, new
    from generator.dialects.postgres.owners import owned
    from generator.diff.owners import owners_that_differ

    before, after = owners_that_differ(old.schema, old.named, new.schema, new.named, answers)
    wanted = tuple(sorted({owned(each) for each in (*before, *after)}))
    if set(wanted) <= set(old.owned):
        return old, new
    return _given(old, before, wanted, server), _given(new, after, wanted, server)


def give_as_there(side: Side, other: Side, server: "Server") -> Side:
    """A third side, in which the objects that belong to somebody on the other one belong to whom it names."""
    if not other.owned:
        return side
    from generator.dialects.postgres.owners import owned

    return _given(side, tuple(each for each in side.named if owned(each) in other.owned), other.owned, server)


def _given(side: Side, owners: "tuple[Other, ...]", wanted: tuple[tuple[str, str], ...], server: "Server") -> Side:
    from generator.dialects.postgres.catalog import read_schema
    from generator.dialects.postgres.extension_facts import with_named_versions
    from generator.dialects.postgres.give_owners import give_owners
    from generator.dialects.postgres.owners import is_written, with_owners

    with side.database.connect(superuser=True) as superuser:
        given = tuple(each for each in owners if is_written(each))
        said = give_owners(given, superuser, embedded=server.embedded)
    with side.database.connect() as connection:
        schema = with_named_versions(read_schema(connection, wanted), side.declared)
    schema = with_owners(schema, (each for each in owners if not is_written(each)))
    return replace(side, schema=schema, owned=wanted, stood_in=tuple(dict.fromkeys((*side.stood_in, *said))))
