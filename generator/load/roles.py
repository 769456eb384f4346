"""Roles belong to the server and not to a database: no script makes them, so a difference is told."""

from generator.model.declared import Declared


def role_notes(old: Declared, new: Declared) -> tuple[str, ...]:
    """A sentence for the roles that only the new side declares, or declares otherwise, and one for those that go."""
    before, after = _by_name(old), _by_name(new)
    made = [statement for name, statement in after.items() if name not in before]
    other = [_altered(name, after[name]) for name in after if before.get(name, after[name]) != after[name]]
    gone = [f"DROP ROLE {name}" for name in before if name not in after]
    notes = []
    if made or other:
        notes.append(
            "Roles belong to the server, so no script makes them. Before the first stage run, unless it is done: "
            + " ".join(f"{statement};" for statement in made + other)
        )
    if gone:
        notes.append(
            "Roles that are no longer declared stay; drop them when nothing else needs them: "
            + " ".join(f"{statement};" for statement in gone)
        )
    return (*old.notes, *new.notes, *notes)


def _altered(name: str, statement: str) -> str:
    """The statement that gives a role that is there the options which a new one would be given."""
    given = statement.partition(" WITH ")[2]
    words = ("SUPERUSER", "CREATEDB", "CREATEROLE", "LOGIN", "REPLICATION", "BYPASSRLS")
    taken = [f"NO{word}" for word in words if word not in given.split()]
    if "NOINHERIT" not in given.split():
        taken.append("INHERIT")
    return f"ALTER ROLE {name} WITH {' '.join(filter(None, [given, *taken]))}"


def _by_name(side: Declared) -> dict[str, str]:
    return {statement.removeprefix("CREATE ROLE ").partition(" WITH ")[0]: statement for statement in side.roles}
