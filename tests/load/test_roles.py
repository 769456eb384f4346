"""What is told about roles, which no script makes."""

from generator.load import role_notes
from generator.model.declared import Declared


def _side(*roles: str) -> Declared:
    return Declared(source="here", roles=roles)


def test_the_same_roles_are_no_news() -> None:
    assert role_notes(_side("CREATE ROLE a"), _side("CREATE ROLE a")) == ()


def test_new_and_altered_roles_are_told_with_their_statements() -> None:
    (note,) = role_notes(
        _side("CREATE ROLE a", "CREATE ROLE b"), _side("CREATE ROLE a", "CREATE ROLE b WITH LOGIN", "CREATE ROLE c")
    )
    assert "CREATE ROLE c; ALTER ROLE b WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION" in note
    assert note.endswith("NOBYPASSRLS INHERIT;")
    assert "ROLE a" not in note


def test_roles_that_go_are_told() -> None:
    (note,) = role_notes(_side("CREATE ROLE a"), _side())
    assert note.endswith("DROP ROLE a;")
