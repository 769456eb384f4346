"""What REVIEW.md says, and that it fits."""

from dataclasses import replace
from pathlib import Path

from generator.model.plan import LockMode, Plan, Stage, TableLock
from generator.model.proof import Observed, Proof, Trial, Verified, Version
from generator.render.forms.form import Writing
from generator.render.markdown import code, fence, md
from generator.render.review import MOST_CHARACTERS, Subject, render_review, render_review_page
from tests.render.plans import ADD_COLUMN, CUSTOMERS, FAILED, LINK_CUSTOMERS, PROOF, WITH_CLEANUP, act
from tests.render.subjects import subject


def text_of(plan: Plan, proof: Proof | None, templates: Path | None = None) -> str:
    return render_review(subject(plan, proof), templates)


def plan_of(tables: int, sql: str) -> Plan:
    steps = tuple(
        replace(ADD_COLUMN, purpose=f"Add t{number}.c.", run=(act(sql),), stage=stage)
        for stage in Stage
        for number in range(tables)
    )
    return replace(LINK_CUSTOMERS, steps=steps, changes=tuple(f"t{number}.c: added" for number in range(tables)))


def test_what_must_be_confirmed_comes_before_what_may_be_read() -> None:
    text = text_of(WITH_CLEANUP, PROOF)
    titles = (
        "Please confirm",
        "What does not come back",
        "Mind",
        "The tables",
        "When",
        "Stages",
        "How rows are filled",
    )
    places = [text.index(f"## {title}\n") for title in titles]
    assert places == sorted(places)
    assert "- [ ] customers.user_id is filled with users.id where" in text


def test_the_first_thing_it_says_is_what_changes() -> None:
    assert text_of(LINK_CUSTOMERS, PROOF).splitlines()[2] == (
        "**customers gains user_id (uuid, required, unique, refers to users).**"
    )


def test_locks_are_told_in_words_and_with_their_worst_wait() -> None:
    text = text_of(WITH_CLEANUP, PROOF)
    assert "ACCESS EXCLUSIVE on customers, which blocks reads and writes, 0.1 s at most;" in text
    assert "users: SHARE ROW EXCLUSIVE, blocks writes" in text


def observed(mode: LockMode) -> Proof:
    seen = Observed(
        step=0, action=0, statement=0, undo=False, locks=(TableLock(table=CUSTOMERS, mode=mode),), reads=True
    )
    return replace(PROOF, observed=(seen,))


def test_a_lock_that_was_seen_is_told_beside_the_declared_one() -> None:
    added = "`ALTER TABLE public.customers ADD COLUMN user_id uuid`"
    for proof, said in (
        (observed(LockMode.ACCESS_EXCLUSIVE), "seen as declared"),
        (observed(LockMode.SHARE), "seen: SHARE on customers"),
        (PROOF, "not seen: on the scratch server it had nothing to do, or could not be watched"),
    ):
        (line,) = (line for line in text_of(LINK_CUSTOMERS, proof).splitlines() if added in line)
        assert line.endswith(f"; {said}.")
    assert "seen" not in text_of(LINK_CUSTOMERS, None).split("## Steps")[1]


def test_every_step_is_there_with_its_sql_and_the_way_back() -> None:
    text = text_of(WITH_CLEANUP, PROOF)
    for step in WITH_CLEANUP.steps:
        assert md(step.purpose) in text
    assert "ALTER TABLE public.customers ADD COLUMN user_id uuid;" in text
    assert "Cannot be undone: the values of customers.legacy_code are gone." in text
    assert "from the row of users where customers.email = users.email" in text


def test_the_commands_are_in_the_order_of_the_stages_and_back() -> None:
    text = text_of(WITH_CLEANUP, PROOF)
    forwards = [text.index(f"-f 0{number}_{stage}.sql") for number, stage in enumerate(Stage, start=1)]
    backwards = [text.index(f"-f 0{number}_{stage}.rollback.sql") for number, stage in enumerate(Stage, start=1)]
    assert forwards == sorted(forwards)
    assert backwards == sorted(backwards, reverse=True)
    assert "-f verify.sql" in text


def test_it_says_whether_it_is_proved() -> None:
    assert "**Proved** on PostgreSQL 18.6" in text_of(LINK_CUSTOMERS, PROOF)
    assert "**Not proved:**" in text_of(LINK_CUSTOMERS, None)
    failed = text_of(LINK_CUSTOMERS, FAILED)
    assert "**The proof failed**" in failed
    assert "expected users: ROW SHARE, saw users: ACCESS EXCLUSIVE." in failed


def test_what_works_when_is_told_only_where_it_was_tried() -> None:
    trials = (
        Trial(version=Version.OLD, stage=Stage.VALIDATE, tried=9, worked=8, failed=("deletes from users",)),
        Trial(version=Version.NEW, stage=Stage.VALIDATE, tried=7, worked=7),
    )
    text = text_of(LINK_CUSTOMERS, replace(PROOF, trials=trials))
    assert "the old version: 8 of 9 statements work, not: deletes from users. The new version: all 7 statements" in text
    assert "statements work" not in text_of(LINK_CUSTOMERS, PROOF)


def test_what_verify_says_is_told_as_it_was_seen() -> None:
    count = sum(1 for line in text_of(LINK_CUSTOMERS, None).splitlines() if line.startswith("| 1 |"))
    assert count == 0
    seen = (Verified(stage=None, done=(False,) * 5), Verified(stage=Stage.EXPAND, done=(True, *(False,) * 4)))
    text = text_of(LINK_CUSTOMERS, replace(PROOF, verified=seen))
    assert "| | step | before | after expand |" in text
    assert "| 1 | Add customers.user_id (uuid, nullable). | f | **t** |" in text


def test_the_point_of_no_return_is_named_or_it_is_said_that_there_is_none() -> None:
    assert "The point of no return is 05_cleanup.sql: after it there is no way back." in text_of(WITH_CLEANUP, PROOF)
    assert "There is no point of no return: every stage can be rolled back" in text_of(LINK_CUSTOMERS, PROOF)


def test_it_does_not_say_how_long_the_proof_took_so_that_it_is_the_same_each_time() -> None:
    assert text_of(LINK_CUSTOMERS, PROOF) == text_of(LINK_CUSTOMERS, replace(PROOF, seconds=99.0))


def test_a_long_one_gives_up_sql_before_it_gives_up_steps() -> None:
    text = text_of(plan_of(20, "SELECT 1 -- " + "x" * 2000), PROOF)
    assert len(text) <= MOST_CHARACTERS
    assert "SQL is shortened here" in text
    assert text.count("Add t19.c.") >= len(Stage)


def test_a_very_long_one_says_what_it_leaves_out() -> None:
    text = text_of(plan_of(3000, "SELECT 1"), PROOF)
    assert len(text) <= MOST_CHARACTERS
    assert "more steps: see [plan.json](plan.json)" in text
    assert "more changes: see [plan.json](plan.json)" in text


def test_nothing_in_it_leaves_more_than_one_line_empty() -> None:
    assert "\n\n\n" not in text_of(WITH_CLEANUP, PROOF)


def test_names_are_shown_as_they_are() -> None:
    assert md("_gm_old_x of user_id | a*b <c>") == r"\_gm_old_x of user_id \| a\*b \<c\>"
    assert fence("a ``` b").startswith("````sql\n")
    assert code("a `b`") == "`` a `b` ``"


def test_a_users_template_can_build_on_ours(tmp_path: Path) -> None:
    (tmp_path / "review.md.j2").write_text('Team rules first.\n\n{% include "ours/review.md.j2" %}')
    assert text_of(LINK_CUSTOMERS, PROOF, tmp_path).startswith("Team rules first.\n\n# Migration: 3 changes")


def test_a_plan_without_schemas_is_told_all_the_same() -> None:
    bare = replace(subject(LINK_CUSTOMERS, None), changes=())
    assert "Nothing changes." in render_review(Subject(plan=bare.plan, proof=None, old=bare.old, new=bare.new))


def test_where_another_runner_applies_them_its_files_are_named_in_place_of_the_scripts() -> None:
    writing = Writing(folder=Path("db"), new={"versions/1_expand.py": ""}, then=("A stage at a time",))
    told = replace(subject(WITH_CLEANUP, PROOF), runner="alembic", writing=writing)
    for text in (render_review(told), render_review_page(told)):
        assert "Apply stage 1, expand, by alembic" in text
        assert "versions/1_expand.py" in text
        assert "A stage at a time." in text
        assert "The point of no return is stage 5, cleanup" in text
        assert "psql -X" not in text
        assert "verify.sql" not in text
        assert "01_expand" not in text
