"""What a retyped key keeps: the numbers go on, what the old type cannot hold stops the way back, names are as usual."""

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


@pytest.fixture
def files(server: Server, tmp_path: Path) -> Mapping[str, str]:
    (tmp_path / "old.sql").write_text(OLD)
    (tmp_path / "new.sql").write_text(NEW)
    with patch("generator.server.open_server", lambda **_options: nullcontext(server)):
        outcome = run(Request(old=str(tmp_path / "old.sql"), new=str(tmp_path / "new.sql"), prove=False))
    assert not outcome.refusals
    assert not outcome.questions
    return outcome.files


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
