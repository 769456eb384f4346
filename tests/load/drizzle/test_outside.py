"""A schema that refers to tables which are not its own, as every project on Supabase does."""

import json
from pathlib import Path
from typing import Any

import pytest

from generator.errors import BadInput
from generator.pipeline import Outcome, Request, run
from generator.server import Server

Json = dict[str, Any]


def snapshot(path: Path, *, refers: bool, note: bool) -> str:
    """A snapshot with one table, perhaps with a foreign key to ``auth.users``, perhaps with a column more."""
    columns = {"id": {"name": "id", "type": "uuid", "primaryKey": True, "notNull": True}}
    columns["owner"] = {"name": "owner", "type": "uuid", "primaryKey": False, "notNull": False}
    if note:
        columns["note"] = {"name": "note", "type": "text", "primaryKey": False, "notNull": False}
    key = {
        "name": "profiles_owner_fk", "tableFrom": "profiles", "tableTo": "users", "schemaTo": "auth",
        "columnsFrom": ["owner"], "columnsTo": ["id"], "onDelete": "cascade", "onUpdate": "no action",
    }  # fmt: skip
    table: Json = {"name": "profiles", "schema": "", "columns": columns, "indexes": {}}
    table["foreignKeys"] = {"profiles_owner_fk": key} if refers else {}
    data = {"id": "1", "prevId": "0", "version": "7", "dialect": "postgresql", "tables": {"public.profiles": table}}
    path.write_text(json.dumps(data))
    return str(path)


def outcome(old: str, new: str, server: Server, *, prove: bool = False) -> Outcome:
    return run(Request(old=old, new=new, prove=prove, server=server.superuser_conninfo))


@pytest.mark.parametrize("before", [True, False])
def test_a_table_of_others_is_on_both_sides_and_is_never_made(before: bool, tmp_path: Path, server: Server) -> None:
    old = snapshot(tmp_path / "old.json", refers=before, note=False)
    new = snapshot(tmp_path / "new.json", refers=True, note=True)
    done = outcome(old, new, server, prove=not before)
    assert done.plan is not None
    scripts = "".join(text for name, text in done.files.items() if name.endswith(".sql"))
    assert "CREATE TABLE" not in scripts
    assert ("REFERENCES auth.users" in scripts) is not before
    assert any("auth.users" in note for note in done.notes)
    assert (done.proof is None) is before
    assert done.proof is None or done.proof.holds


def test_nothing_is_told_of_it_where_nothing_changed(tmp_path: Path, server: Server) -> None:
    path = snapshot(tmp_path / "old.json", refers=True, note=False)
    assert outcome(path, path, server) == Outcome()


def test_the_table_that_the_old_side_has_stays_as_it_is(tmp_path: Path, server: Server) -> None:
    old = tmp_path / "old.sql"
    old.write_text(
        "CREATE SCHEMA auth; CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);"
        "CREATE TABLE auth.sessions (id int); CREATE TABLE profiles (id uuid PRIMARY KEY, owner uuid);"
    )
    done = outcome(str(old), snapshot(tmp_path / "new.json", refers=True, note=False), server)
    assert done.plan is not None
    assert done.questions == ()
    assert "email" not in "".join(text for name, text in done.files.items() if name.endswith(".sql"))


def test_a_table_that_nobody_has_is_told(tmp_path: Path, server: Server) -> None:
    old = tmp_path / "old.sql"
    old.write_text("CREATE TABLE profiles (id uuid PRIMARY KEY, owner uuid);")
    with pytest.raises(BadInput, match=r"refers to the table auth\.users, which neither"):
        outcome(str(old), snapshot(tmp_path / "new.json", refers=True, note=False), server)


def test_other_namespaces_of_a_database_are_none_of_its_business(tmp_path: Path, server: Server) -> None:
    old = tmp_path / "old.sql"
    old.write_text(
        "CREATE SCHEMA storage; CREATE TYPE storage.kind AS ENUM ('a'); CREATE SEQUENCE storage.numbers;"
        "CREATE TABLE storage.files (id serial PRIMARY KEY, kind storage.kind);"
        "CREATE VIEW storage.kinds AS SELECT kind FROM storage.files;"
        "CREATE TABLE profiles (id uuid PRIMARY KEY, owner uuid);"
    )
    done = outcome(str(old), snapshot(tmp_path / "new.json", refers=False, note=False), server)
    assert (done.plan, done.questions, done.refusals) == (None, (), ())
    assert any("does not speak of them: schema storage" in note for note in done.notes)
