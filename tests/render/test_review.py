"""What REVIEW.md says, and that it fits."""

from dataclasses import replace
from pathlib import Path

from generator.model.plan import Plan, Stage
from generator.render.markdown import fence, md
from generator.render.review import MOST_CHARACTERS, render_review
from tests.render.plans import ADD_COLUMN, FAILED, LINK_CUSTOMERS, PROOF, WITH_CLEANUP, act


def plan_of(tables: int, sql: str) -> Plan:
    steps = tuple(
        replace(ADD_COLUMN, purpose=f"Add t{number}.c.", run=(act(sql),), stage=stage)
        for stage in Stage
        for number in range(tables)
    )
    return replace(LINK_CUSTOMERS, steps=steps, changes=tuple(f"t{number}.c: added" for number in range(tables)))


def test_what_must_be_confirmed_comes_before_what_may_be_read() -> None:
    text = render_review(WITH_CLEANUP, PROOF)
    places = [text.index(f"## {title}\n") for title in ("Please confirm", "What does not come back", "Mind", "Stages")]
    assert places == sorted(places)
    assert "- [ ] customers.user_id is filled with users.id where" in text


def test_locks_are_told_in_words_and_with_their_worst_wait() -> None:
    text = render_review(WITH_CLEANUP, PROOF)
    assert "customers: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most." in text
    assert "users: SHARE ROW EXCLUSIVE, blocks writes" in text


def test_every_step_is_there_with_its_sql_and_the_way_back() -> None:
    text = render_review(WITH_CLEANUP, PROOF)
    for step in WITH_CLEANUP.steps:
        assert md(step.purpose) in text
    assert "ALTER TABLE public.customers ADD COLUMN user_id uuid;" in text
    assert "Cannot be undone: the values of customers.legacy_code are gone." in text
    assert "from the row of users where customers.email = users.email" in text


def test_the_commands_are_in_the_order_of_the_stages_and_back() -> None:
    text = render_review(WITH_CLEANUP, PROOF)
    forwards = [text.index(f"-f 0{number}_{stage}.sql") for number, stage in enumerate(Stage, start=1)]
    backwards = [text.index(f"-f 0{number}_{stage}.rollback.sql") for number, stage in enumerate(Stage, start=1)]
    assert forwards == sorted(forwards)
    assert backwards == sorted(backwards, reverse=True)
    assert "-f verify.sql" in text


def test_it_says_whether_it_is_proved() -> None:
    assert "**Proved** on PostgreSQL 18.6" in render_review(LINK_CUSTOMERS, PROOF)
    assert "**Not proved:**" in render_review(LINK_CUSTOMERS, None)
    failed = render_review(LINK_CUSTOMERS, FAILED)
    assert "**The proof failed**" in failed
    assert "expected users: ROW SHARE, saw users: ACCESS EXCLUSIVE." in failed


def test_it_does_not_say_how_long_the_proof_took_so_that_it_is_the_same_each_time() -> None:
    assert render_review(LINK_CUSTOMERS, PROOF) == render_review(LINK_CUSTOMERS, replace(PROOF, seconds=99.0))


def test_a_long_one_gives_up_sql_before_it_gives_up_steps() -> None:
    text = render_review(plan_of(20, "SELECT 1 -- " + "x" * 2000), PROOF)
    assert len(text) <= MOST_CHARACTERS
    assert "SQL is shortened here" in text
    assert text.count("Add t19.c.") == len(Stage)


def test_a_very_long_one_says_what_it_leaves_out() -> None:
    text = render_review(plan_of(3000, "SELECT 1"), PROOF)
    assert len(text) <= MOST_CHARACTERS
    assert "more steps: see plan.json" in text
    assert "more changes: see plan.json" in text


def test_nothing_in_it_leaves_more_than_one_line_empty() -> None:
    assert "\n\n\n" not in render_review(WITH_CLEANUP, PROOF)


def test_names_are_shown_as_they_are() -> None:
    assert md("_gm_old_x of user_id | a*b <c>") == r"\_gm_old_x of user_id \| a\*b \<c\>"
    assert fence("a ``` b").startswith("````sql\n")


def test_a_users_template_can_build_on_ours(tmp_path: Path) -> None:
    (tmp_path / "review.md.j2").write_text('Team rules first.\n\n{% include "ours/review.md.j2" %}')
    assert render_review(LINK_CUSTOMERS, PROOF, tmp_path).startswith("Team rules first.\n\n# Migration: 3 changes")
