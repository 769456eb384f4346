"""A right plan is proved, and each wrong one is found out, for the reason that it is wrong for."""

from dataclasses import replace
from pathlib import Path

import pytest

from generator.errors import BadInput
from generator.model.plan import Action, LockMode, NothingToUndo, Pace, Stage, Statement, Step, Template, Undo
from generator.model.proof import Proof
from generator.prove import dirty, passes, versions, watch
from tests.prove.conftest import Prove
from tests.prove.link_customers import (
    ADD_COLUMN,
    CUSTOMERS,
    FILL,
    FILLING,
    FOREIGN_KEY,
    INDEX,
    PLAN,
    REQUIRED,
    STRONG,
    SYNC,
    lock,
    with_instead,
    without,
)


def found(proof: Proof, check: str) -> str:
    """Everything that one check found, as one text."""
    return "\n".join(
        f"{each.where}: {each.statement}\n{each.expected}\n{each.seen}"
        for each in proof.findings
        if each.check == check
    )


def test_a_right_plan_is_proved_in_every_way(proved: Prove) -> None:
    proof = proved(PLAN)
    assert proof.findings == ()
    checks = dict(proof.checks)
    assert checks[passes.FORWARDS] == 4
    assert checks[passes.BACK] == 4
    assert checks[passes.TWICE] == 8
    assert checks[dirty.DIRTY] == 3
    assert {passes.RESULT, passes.AGAIN, versions.OLD, versions.NEW, versions.SYNC, watch.LOCKS} <= checks.keys()
    assert proof.holds


def test_without_a_sync_trigger_what_the_old_version_writes_is_missed(proved: Prove) -> None:
    plan = replace(
        without(PLAN, SYNC), steps=tuple(step for step in without(PLAN, SYNC).steps if step.stage is not Stage.CONTRACT)
    )
    proof = proved(plan)
    assert "null value in column" in found(proof, versions.OLD)


def test_a_sync_trigger_that_does_nothing_is_seen(proved: Prove) -> None:
    empty = (
        "CREATE OR REPLACE FUNCTION public._gm_customers_user_id_fill() RETURNS trigger"
        " LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    )
    statements = (Statement(sql=empty), SYNC.run[0].statements[1])
    lazy = replace(SYNC, run=(replace(SYNC.run[0], statements=statements),))
    assert "user_id is filled at once" in found(proved(with_instead(PLAN, SYNC, lazy)), versions.SYNC)


def test_a_requirement_before_the_back_fill_breaks_the_old_version(proved: Prove) -> None:
    early = replace(
        REQUIRED,
        stage=Stage.EXPAND,
        run=REQUIRED.run[:1],
        undo=NothingToUndo(because="for this test"),
    )
    plan = replace(PLAN, steps=(ADD_COLUMN, SYNC, early, *PLAN.steps[2:]))
    assert "updates name of customers" in found(proved(plan), versions.OLD)


def test_a_weaker_lock_than_the_one_taken_is_a_finding(proved: Prove) -> None:
    statement = replace(ADD_COLUMN.run[0].statements[0], locks=lock(LockMode.SHARE, CUSTOMERS))
    lying = replace(ADD_COLUMN, run=(replace(ADD_COLUMN.run[0], statements=(statement,)),))
    text = found(proved(with_instead(PLAN, ADD_COLUMN, lying)), watch.LOCKS)
    assert "customers: SHARE\ncustomers: ACCESS EXCLUSIVE" in text


def test_a_lock_that_is_not_taken_is_a_finding(proved: Prove) -> None:
    statement = replace(INDEX.run[0].statements[0], locks=STRONG)
    lying = replace(INDEX, run=(replace(INDEX.run[0], statements=(statement,)), INDEX.run[1]))
    text = found(proved(with_instead(PLAN, INDEX, lying)), watch.LOCKS)
    assert "customers: ACCESS EXCLUSIVE\ncustomers: SHARE UPDATE EXCLUSIVE" in text


def test_a_scan_under_a_strong_lock_is_a_finding(proved: Prove) -> None:
    statement = Statement(sql="ALTER TABLE public.customers ALTER COLUMN user_id SET NOT NULL", locks=STRONG)
    rash = replace(REQUIRED, run=(Action(statements=(statement,), done=REQUIRED.run[1].done),))
    text = found(proved(with_instead(PLAN, REQUIRED, rash)), watch.LOCKS)
    assert "does not declare that it reads all rows of customers" in text
    assert "touches no rows" in text


def test_a_rewrite_is_a_finding(proved: Prove) -> None:
    sql = "ALTER TABLE public.customers ADD COLUMN user_id uuid DEFAULT gen_random_uuid()"
    step = replace(ADD_COLUMN, run=(replace(ADD_COLUMN.run[0], statements=(Statement(sql=sql, locks=STRONG),)),))
    text = found(proved(with_instead(PLAN, ADD_COLUMN, step)), watch.LOCKS)
    assert "does not declare that it rewrites customers" in text


def test_a_forgotten_step_shows_in_the_catalog(proved: Prove) -> None:
    text = found(proved(without(PLAN, INDEX)), passes.RESULT)
    assert "unique customers_user_id_key" in text
    assert "UNIQUE (user_id)\n-" in text


def test_an_undo_that_forgets_something_shows(proved: Prove) -> None:
    assert isinstance(SYNC.undo, Undo)
    statements = SYNC.undo.actions[0].statements[:1]
    careless = replace(SYNC, undo=Undo(actions=(replace(SYNC.undo.actions[0], statements=statements),)))
    text = found(proved(with_instead(PLAN, SYNC, careless)), passes.BACK)
    assert "function _gm_customers_user_id_fill" in text


def test_an_undo_that_loses_rows_shows_which(proved: Prove) -> None:
    undo = Undo(
        actions=(
            Action(
                statements=(Statement(sql="DELETE FROM public.license_keys WHERE id = 1", pace=Pace.INSTANT),),
                done="NOT EXISTS (SELECT FROM public.license_keys WHERE id = 1)",
            ),
        )
    )
    text = found(proved(with_instead(PLAN, FILL, replace(FILL, undo=undo))), passes.BACK)
    assert "rows of license_keys" in text
    assert "gone: (" in text


def test_a_script_that_cannot_be_run_twice_is_found(proved: Prove) -> None:
    step = replace(FOREIGN_KEY, run=(replace(FOREIGN_KEY.run[0], done="false"), FOREIGN_KEY.run[1]))
    text = found(proved(with_instead(PLAN, FOREIGN_KEY, step)), passes.TWICE)
    assert 'constraint "customers_user_id_fkey" for relation "customers" already exists' in text


def test_a_script_whose_second_run_changes_rows_is_found(proved: Prove) -> None:
    action = Action(
        statements=(Statement(sql="UPDATE public.users SET full_name = full_name || '.'", pace=Pace.SCRIPT),),
        done="false",
    )
    restless = Step(
        stage=Stage.CONTRACT, purpose="Restless.", run=(action,), undo=NothingToUndo(because="for this test")
    )
    proof = proved(replace(PLAN, steps=(*PLAN.steps, restless)))
    assert "rows of users changed" in found(proof, passes.TWICE)
    assert "rows of users" in found(proof, passes.BACK)


def test_a_back_fill_that_does_not_stop_at_dirty_rows_is_found(proved: Prove) -> None:
    template = Template(name="careless_backfill.sql.j2", subject=FILLING)
    statement = replace(FILL.run[0].statements[0], sql=template)
    careless = replace(FILL, run=(replace(FILL.run[0], statements=(statement,)),))
    text = found(proved(with_instead(PLAN, FILL, careless)), dirty.DIRTY)
    assert "a row of customers without a match in users" in text
    assert "two rows of customers for one row of users" in text
    assert "two rows of users for one row of customers" in text


def test_a_script_that_fails_is_shown_with_its_line(proved: Prove) -> None:
    proof = proved(PLAN, **{"02_backfill.sql": "SELECT 1;\nSELECT 1 / 0;\n"})
    text = found(proof, passes.FORWARDS)
    assert "02_backfill.sql:2: SELECT 1 / 0;" in text
    assert "division by zero" in text


def test_what_a_new_constraint_refuses_by_itself_is_said_and_no_finding(proved: Prove) -> None:
    notes = proved(PLAN).notes
    assert any(
        "customers_user_id_fkey refuses what the old version may do: updates id of users" in note for note in notes
    )


def test_a_users_own_rows_are_taken(proved: Prove, tmp_path: Path) -> None:
    rows = tmp_path / "rows.sql"
    rows.write_text(
        "INSERT INTO users (email) VALUES ('a@example.org'), ('b@example.org');\n"
        "INSERT INTO customers (email) VALUES ('A@example.org');\n"
    )
    proof = proved(PLAN, rows=rows)
    assert proof.findings == ()
    assert proof.rows == "3 rows in 4 tables, from rows.sql"


def test_a_rows_file_that_does_not_fit_is_an_error_with_its_line(proved: Prove, tmp_path: Path) -> None:
    rows = tmp_path / "rows.sql"
    rows.write_text("INSERT INTO users (email) VALUES ('a@example.org');\n\nINSERT INTO nobody VALUES (1);\n")
    with pytest.raises(BadInput, match=r"rows\.sql:3: .*nobody"):
        proved(PLAN, rows=rows)
