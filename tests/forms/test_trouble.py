"""What goes wrong while a runner is at work stops it, is told, and is gone on with when the runner is run again."""

import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

from generator.render.plan_json import read_plan_json
from generator.render.units import Unit, make_units
from tests.forms.folder_runner import Folder
from tests.forms.test_alembic import project as alembic_project
from tests.forms.test_dbmate import VERSION, Dbmate
from tests.forms.world import SHOP, World, generate
from tests.tools.npm import installed

_INVALID = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
_LEFT_BEHIND = "CREATE UNIQUE INDEX CONCURRENTLY {name} ON customers USING btree (user_id)"


def leave_an_invalid_index(world: World, name: str = "customers_user_id_key") -> None:
    """As a build does that fails: here because of two rows with the same value, which are mended again."""
    world.run("UPDATE customers SET user_id = (SELECT user_id FROM customers WHERE email = 'user1@example.org')"
              " WHERE email = 'user2@example.org'")  # fmt: skip
    with pytest.raises(psycopg.errors.UniqueViolation):
        world.run(_LEFT_BEHIND.format(name=name))
    world.run("UPDATE customers SET user_id = md5('u2')::uuid WHERE email = 'user2@example.org'")
    assert world.one(_INVALID) == 1


def test_rows_without_a_match_stop_alembic_and_it_goes_on_when_they_are_mended(world: World, tmp_path: Path) -> None:
    alembic = alembic_project(tmp_path, world)
    generate("--to", "alembic", cwd=tmp_path)
    world.run("UPDATE customers SET email = 'nobody@example.org' WHERE email = 'user3@example.org'")
    with pytest.raises(AssertionError, match=r"without a match(.|\n)*nobody@example\.org"):
        alembic("upgrade", "head")
    assert "customers_user_id_expand" in alembic("current", "-v")
    world.run("UPDATE customers SET email = 'user3@example.org' WHERE email = 'nobody@example.org'")
    alembic("upgrade", "customers_user_id_backfill")
    leave_an_invalid_index(world)
    alembic("upgrade", "head")
    world.is_new()


def test_an_invalid_index_is_told_by_the_next_file_and_goes_with_the_way_back(world: World, tmp_path: Path) -> None:
    program = installed(f"dbmate@{VERSION}") / "node_modules" / ".bin" / "dbmate"
    folder = Folder(project=tmp_path, inside="db/migrations", options=("--to", "dbmate"))
    folder.path.mkdir(parents=True)
    dbmate = Dbmate(program=program, folder=folder, url=world.url("postgres") + "?sslmode=disable")
    dbmate.forwards("expand")
    dbmate.forwards("backfill")
    names = folder.bring("validate")
    builds = next(name for name in names if "CREATE UNIQUE INDEX CONCURRENTLY" in (folder.path / name).read_text())
    for name in names[names.index(builds) :]:
        (folder.path / name).rename(tmp_path / name)
    dbmate("up")
    leave_an_invalid_index(world)
    for name in names[names.index(builds) :]:
        (tmp_path / name).rename(folder.path / name)
    with pytest.raises(AssertionError, match="did not come to its end: undo this step, and run it again"):
        dbmate("up")
    dbmate("rollback")
    assert world.one(_INVALID) == 0
    dbmate("up")
    dbmate.forwards("contract")
    world.is_new()


def first_unit() -> Unit:
    return make_units(read_plan_json((SHOP / "expected" / "plan.json").read_text()).plan)[0]


def test_a_unit_waits_for_a_reader_without_stopping_others(world: World) -> None:
    failed: list[BaseException] = []

    def run() -> None:
        try:
            world.run(*(piece.sql for piece in first_unit().pieces))
        except BaseException as error:
            failed.append(error)

    with world.database.connect(autocommit=False) as reader:
        reader.execute("SELECT FROM customers LIMIT 1")
        unit = threading.Thread(target=run)
        unit.start()
        worst, ends = 0.0, time.monotonic() + 1.5
        while time.monotonic() < ends:
            began = time.monotonic()
            world.one("SELECT count(*) FROM customers")
            worst = max(worst, time.monotonic() - began)
        assert unit.is_alive()
        reader.rollback()
    unit.join(60)
    assert not unit.is_alive()
    assert not failed
    assert world.one("SELECT count(*) FROM pg_attribute WHERE attname = 'user_id' AND attrelid = 'customers'::regclass")
    assert worst < 2.5, "a queue behind the unit would have lasted as long as the reader"


def test_a_unit_that_gives_up_says_who_is_in_the_way(world: World) -> None:
    (piece,) = first_unit().pieces
    impatient = piece.sql.replace("WHEN 'instant' THEN 60 ELSE 10", "WHEN 'instant' THEN 3 ELSE 3")
    assert impatient != piece.sql
    with world.database.connect(autocommit=False) as reader:
        reader.execute("SET application_name = 'the report'")
        reader.execute("SELECT FROM customers LIMIT 1")
        with pytest.raises(psycopg.errors.LockNotAvailable, match="gave up after 3 tries") as told:
            world.run(impatient)
    assert "held by process" in str(told.value.diag.message_detail)
    assert "the report" in str(told.value.diag.message_detail)


def test_a_unit_in_a_transaction_says_so_rather_than_hold_its_locks(world: World, tmp_path: Path) -> None:
    (unit,) = (each for each in make_units(read_plan_json((SHOP / "expected" / "plan.json").read_text()).plan)
               if each.title.startswith("Fill customers.user_id by a trigger"))  # fmt: skip
    world.run(*(piece.sql for piece in first_unit().pieces))
    script = tmp_path / "unit.sql"
    script.write_text("".join(f"{piece.sql};\n" for piece in unit.pieces))
    argv = [str(world.server.psql), "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", world.database.conninfo]
    done = subprocess.run([*argv, "-f", str(script)], capture_output=True, text=True)
    assert done.returncode == 3
    assert "invalid transaction termination" in done.stderr
