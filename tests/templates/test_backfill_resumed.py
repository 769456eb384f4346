"""The back-fill, interrupted or disturbed: it goes on where it was, and waits for nobody for long."""

import time

import pytest

from tests.templates.fillings import link
from tests.templates.scripts import Scratch, rendered
from tests.templates.test_backfill import HELPERS, shop


def test_a_second_runner_is_refused(scratch: Scratch) -> None:
    shop(scratch, 1)
    scratch.do("SELECT pg_advisory_lock(hashtextextended('gen-migration public.customers.user_id', 0))")
    ran = scratch.run(rendered("backfill.sql.j2", link()))
    assert not ran.ok
    assert "another session is filling it" in ran.said


def wait_for(scratch: Scratch, condition: str) -> None:
    deadline = time.monotonic() + 30
    while not scratch.one(f"SELECT {condition}"):
        assert time.monotonic() < deadline, condition
        time.sleep(0.005)


@pytest.mark.parametrize("crash", [False, True], ids=["psql is killed", "the server crashes"])
def test_killed_in_the_sweep_it_goes_on(scratch: Scratch, crash: bool) -> None:
    shop(scratch, 60_000)
    script = rendered("backfill.sql.j2", link())
    process = scratch.start(script.replace("gm_rest  CONSTANT float8 := 0;", "gm_rest  CONSTANT float8 := 9;"))
    wait_for(scratch, "to_regclass('_gm_customers_user_id_progress') IS NOT NULL")
    wait_for(scratch, "count(*) > 0 FROM _gm_customers_user_id_progress WHERE filled > 0")
    process.kill()
    process.wait()
    wait_for(scratch, "count(*) = 0 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'DO%'")
    filled = scratch.one("SELECT count(user_id) FROM customers")
    assert 0 < filled < 60_000
    assert scratch.one("SELECT filled FROM _gm_customers_user_id_progress") == filled
    if crash:
        scratch.do("TRUNCATE _gm_customers_user_id_side, _gm_customers_user_id_progress")
    ran = scratch.run(script)
    assert ran.ok, ran.said
    assert scratch.one("SELECT count(*) FROM customers WHERE user_id = id") == 60_000
    assert scratch.rows(HELPERS) == []


@pytest.mark.parametrize("after", [0.01, 0.1, 0.3])
def test_killed_at_any_time_it_goes_on(scratch: Scratch, after: float) -> None:
    shop(scratch, 60_000)
    process = scratch.start(rendered("backfill.sql.j2", link()))
    time.sleep(after)
    process.kill()
    process.wait()
    wait_for(scratch, "count(*) = 0 FROM pg_stat_activity WHERE state = 'active' AND query NOT LIKE 'SELECT%'")
    ran = scratch.run(rendered("backfill.sql.j2", link()))
    assert ran.ok, ran.said
    assert scratch.one("SELECT count(*) FROM customers WHERE user_id = id") == 60_000
    assert scratch.rows(HELPERS) == []


def test_a_locked_row_is_waited_for_and_the_others_are_filled_meanwhile(scratch: Scratch) -> None:
    shop(scratch, 5_000)
    with scratch.database.connect(autocommit=False) as other:
        other.execute("UPDATE customers SET name = 'locked' WHERE id = 2500")
        process = scratch.start(rendered("backfill.sql.j2", link()))
        deadline = time.monotonic() + 30
        while scratch.one("SELECT count(user_id) FROM customers") < 4_900:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        other.rollback()
    assert process.wait(60) == 0
    assert scratch.one("SELECT count(*) FROM customers WHERE user_id = id") == 5_000
