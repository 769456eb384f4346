"""Objects given to the owners that a source names, on the scratch server, so that the proof can give them away.

Who a role is a member of, and what he may do because of that, no schema says. So there the owners may read and write
everything, as the tables' owner may: what the application does between the stages does not fail for want of a right
that they have in production.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import ident
from generator.dialects.postgres.owners import role_of
from generator.errors import BadInput
from generator.model.schema import Other
from generator.server.databases import OWNER

if TYPE_CHECKING:
    from psycopg import Connection


def give_owners(owners: Iterable[Other], superuser: "Connection[Any]", *, embedded: bool) -> tuple[str, ...]:
    """Give every object to its owner, over a connection in autocommit mode; sentences on roles that stood in.

    On a server of our own roles are made where they lack. Raises BadInput where somebody else's server lacks one, or
    does not let its user give things away.
    """
    import psycopg

    owners = tuple(owners)
    said = []
    for role in sorted({role_of(each) for each in owners}):
        if embedded:
            said += _make_ready(role, superuser)
        elif superuser.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            raise BadInput(
                f"The role {role}, to which objects belong in one of the schemas, is not on the server given.",
                f"Make it there (CREATE ROLE {ident(role)}), or leave --server out.",
            )
    for each in owners:
        try:
            superuser.execute(each.definition.encode())
        except psycopg.Error as error:
            raise BadInput(
                f"{each.definition}: {error.diag.message_primary or error}",
                "Name the same owner in both schemas, and give it away by hand.",
            ) from None
    return tuple(said)


def _make_ready(role: str, superuser: "Connection[Any]") -> list[str]:
    """The role is there, the tables' owner is a member of it, and it may read and write everything."""
    import psycopg

    name, said = ident(role), []
    if superuser.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
        superuser.execute(f"CREATE ROLE {name} NOLOGIN".encode())
        said = [f"The role {role} is not on the scratch server: an empty one stood in for it."]
    for statement in (f"GRANT {name} TO {OWNER}", f"GRANT pg_read_all_data, pg_write_all_data TO {name}"):
        try:
            superuser.execute(statement.encode())
        except psycopg.Error:
            continue  # One of PostgreSQL's own: some of these have no members, and need none.
    return said
