"""What the terminal says."""

from dataclasses import replace

from generator.model.plan import Plan
from generator.render.paint import Paint
from generator.render.summary import render_refusals, render_summary
from tests.render.plans import FAILED, LINK_CUSTOMERS, PROOF, REFUSAL, WITH_CLEANUP


def test_it_tells_changes_stages_locks_and_the_proof() -> None:
    text = render_summary(WITH_CLEANUP, PROOF, Paint(width=100))
    assert "customers.user_id: added, uuid NOT NULL" in text
    assert "1 expand    customers: ACCESS EXCLUSIVE, blocks reads and writes, 0.1 s at most" in text
    assert "2 backfill  no lock that the application feels" in text
    assert "rollback: impossible (the values of customers.legacy_code are gone)" in text
    assert "✓ Proved on PostgreSQL 18.6 in 0.4 s" in text


def test_what_was_inferred_comes_before_the_stages() -> None:
    text = render_summary(LINK_CUSTOMERS, PROOF, Paint())
    assert 0 < text.index("please confirm") < text.index("Stages")


def test_a_plan_that_was_not_proved_says_so() -> None:
    assert "Not proved (--no-proof)" in render_summary(LINK_CUSTOMERS, None, Paint())


def test_a_finding_is_shown_with_the_statement_and_what_was_expected_and_seen() -> None:
    text = render_summary(LINK_CUSTOMERS, FAILED, Paint(width=120))
    assert "The proof failed on PostgreSQL 18.6 in 0.4 s: 1 thing is not as planned." in text
    assert "statement: ALTER TABLE public.customers VALIDATE CONSTRAINT customers_user_id_fkey" in text
    assert "expected:  users: ROW SHARE" in text
    assert "seen:      users: ACCESS EXCLUSIVE" in text


def test_a_narrow_terminal_gets_short_lines() -> None:
    assert max(len(line) for line in render_summary(WITH_CLEANUP, PROOF, Paint(width=60)).splitlines()) <= 60


def test_colours_change_nothing_but_colours() -> None:
    import re

    coloured = render_summary(WITH_CLEANUP, FAILED, Paint(width=80, colour=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_summary(WITH_CLEANUP, FAILED, Paint(width=80))


def test_an_ascii_terminal_gets_ascii() -> None:
    text = render_summary(WITH_CLEANUP, PROOF, Paint(unicode=False)) + render_refusals((REFUSAL,), Paint(unicode=False))
    assert text.isascii()


def test_a_name_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in render_summary(replace(LINK_CUSTOMERS, changes=("evil\x1b[2J: added",)), None, Paint())


def test_a_long_list_is_shortened() -> None:
    many = Plan(old_digest="", new_digest="", version=18, changes=tuple(f"t{n}: dropped" for n in range(1000)))
    assert "… and 970 more" in render_summary(many, None, Paint())


def test_a_refusal_says_why_and_what_to_do_instead() -> None:
    text = render_refusals((REFUSAL,), Paint())
    assert "the view active_customers differs: views are not changed yet." in text
    assert "→ Change it by hand" in text
