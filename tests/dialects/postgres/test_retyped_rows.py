"""What a retyped key keeps: the numbers go on, what the old type cannot hold stops the way back, names are as usual."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

import pytest

from generator.pipeline import Request, run
from generator.server import Database, Server
from tests.matrix.rows import run_script, stage_files

OLD = "CREATE TABLE p (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text); CREATE TABLE t (p int REFERENCES p);"
NEW = OLD.replace("int", "bigint")


def planned(server: Server, tmp_path: Path, old: str, new: str) -> Mapping[str, str]:
    (tmp_path / "old.sql").write_text(old)
    (tmp_path / "new.sql").write_text(new)
    with patch("generator.server.open_server", lambda **_options: nullcontext(server)):
        outcome = run(Request(old=str(tmp_path / "old.sql"), new=str(tmp_path / "new.sql"), prove=False))
    assert not outcome.refusals
    assert not outcome.questions
    return outcome.files


@pytest.fixture
def files(server: Server, tmp_path: Path) -> Mapping[str, str]:
    return planned(server, tmp_path, OLD, NEW)


@pytest.fixture
def filled(server: Server) -> Iterator[Database]:
    made = server.create_database()
    with made.connect() as connection:
        connection.execute(OLD.encode())
        connection.execute(b"INSERT INTO p (n) VALUES ('a'), ('b'), ('c'); INSERT INTO t VALUES (1), (3), (NULL)")
    yield made
    server.drop_database(made)


def test_the_identity_goes_on_where_it_was_and_is_a_bigint(
    server: Server, filled: Database, files: Mapping[str, str], tmp_path: Path
) -> None:
    for name in stage_files(files):
        assert run_script(server, filled, name, files[name], tmp_path) == ""
    with filled.connect() as connection:
        assert connection.execute("INSERT INTO p (n) VALUES ('d') RETURNING id").fetchall() == [(4,)]
        connection.execute("INSERT INTO p (id, n) OVERRIDING SYSTEM VALUE VALUES (5000000000, 'e')")
        connection.execute("INSERT INTO t (p) VALUES (5000000000)")
        assert connection.execute("SELECT p FROM t ORDER BY p").fetchall() == [(1,), (3,), (5000000000,), (None,)]


def test_not_null_is_called_as_postgresql_would_call_it(
    server: Server, filled: Database, files: Mapping[str, str], tmp_path: Path
) -> None:
    if server.major < 18:
        pytest.skip("NOT NULL has a name since PostgreSQL 18")
    names = "SELECT conname FROM pg_constraint WHERE conrelid = 'public.p'::regclass AND contype = 'n'"
    for name in [name for name in stage_files(files) if "cleanup" not in name]:
        assert run_script(server, filled, name, files[name], tmp_path) == ""
    with filled.connect() as connection:
        assert connection.execute(names).fetchall() == [("p_id_not_null",)]
    back = "04_contract.rollback.sql"
    assert run_script(server, filled, back, files[back], tmp_path) == ""
    with filled.connect() as connection:
        named = {name for (name,) in connection.execute(names)}
    assert named == {"p_id_not_null", "p__gm_new_id_not_null"}


def test_the_way_back_stops_at_a_key_that_the_old_type_cannot_hold_and_names_it(
    server: Server, filled: Database, files: Mapping[str, str], tmp_path: Path
) -> None:
    for name in [name for name in stage_files(files) if "cleanup" not in name]:
        assert run_script(server, filled, name, files[name], tmp_path) == ""
    with filled.connect() as connection:
        connection.execute("INSERT INTO p (id, n) OVERRIDING SYSTEM VALUE VALUES (5000000000, 'e')")
        connection.execute("INSERT INTO t (p) VALUES (5000000000)")
    back = "04_contract.rollback.sql"
    said = run_script(server, filled, back, files[back], tmp_path)
    assert said.startswith("Values of ")
    assert "cannot be made integer again (1 found)" in said
    with filled.connect() as connection:
        assert connection.execute("SELECT n FROM p WHERE id = 5000000000").fetchall() == [("e",)]
        connection.execute("DELETE FROM t WHERE p = 5000000000; DELETE FROM p WHERE id = 5000000000")
    for stage in ("contract", "validate", "backfill", "expand"):
        back = next(name for name in files if name.endswith(f"{stage}.rollback.sql"))
        assert run_script(server, filled, back, files[back], tmp_path) == ""
    with filled.connect() as connection:
        assert connection.execute("SELECT id FROM p ORDER BY id").fetchall() == [(1,), (2,), (3,)]
        assert connection.execute("INSERT INTO p (n) VALUES ('d') RETURNING id").fetchall() == [(4,)]


def test_rows_whose_values_have_no_new_form_are_named_each_with_what_is_wrong(
    server: Server, database: Database, tmp_path: Path
) -> None:
    old = "CREATE TABLE t (id int PRIMARY KEY, a text, examples text);"
    files = planned(server, tmp_path, old, old.replace("a text", "a int"))
    with database.connect() as connection:
        connection.execute(old.encode())
        connection.execute(b"INSERT INTO t VALUES (1, '12'), (2, 'abc'), (3, '99999999999'), (4, '007')")
    path = tmp_path / "01_expand.sql"
    path.write_text(files["01_expand.sql"])
    argv = [str(server.psql), "-X", "-v", "ON_ERROR_STOP=1", "-f", str(path), "-d", database.conninfo]
    said = subprocess.run(argv, capture_output=True, text=True).stderr
    assert "Values of t.a would be changed by making them integer (2 found)" in said
    assert """id = '2', a = 'abc': invalid input syntax for type integer: "abc\"""" in said
    assert """id = '3', a = '99999999999': value "99999999999" is out of range for type integer""" in said
    with database.connect() as connection:
        connection.execute(b"DELETE FROM t WHERE id IN (2, 3)")
    assert "id = '4', a = '007'" in subprocess.run(argv, capture_output=True, text=True).stderr
