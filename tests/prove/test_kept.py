"""What the proof keeps of what it saw, for those who read it afterwards."""

from pathlib import Path

from generator.model.plan import LockMode, Pace, Stage
from generator.model.proof import Version
from generator.model.schema import QName
from generator.pipeline import Outcome, Request, run
from tests.examples import EXAMPLES

OLD = "CREATE TABLE parents (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, parent int, name text);"
NEW = """
CREATE TABLE parents (id int PRIMARY KEY);
CREATE TABLE t (id int PRIMARY KEY, parent int REFERENCES parents (id), name text, more text);
CREATE INDEX t_name ON t (name);
"""
T, PARENTS = QName("public", "t"), QName("public", "parents")


def proved(folder: Path) -> Outcome:
    (folder / "old.sql").write_text(OLD)
    (folder / "new.sql").write_text(NEW)
    outcome = run(Request(old=str(folder / "old.sql"), new=str(folder / "new.sql")))
    assert outcome.proof is not None
    assert outcome.proof.holds
    return outcome


def test_it_keeps_the_locks_and_reads_of_every_statement_that_ran(tmp_path: Path) -> None:
    outcome = proved(tmp_path)
    assert outcome.plan is not None
    assert outcome.proof is not None
    seen = {(each.step, each.action, each.statement): each for each in outcome.proof.observed if not each.undo}
    told = []
    for number, step in enumerate(outcome.plan.steps):
        for place, action in enumerate(step.run):
            for at, statement in enumerate(action.statements):
                observed = seen.get((number, place, at))
                if observed is None:
                    continue
                told.append(str(statement.sql))
                modes = {lock.table: lock.mode for lock in observed.locks}
                for lock in statement.locks:
                    assert modes[lock.table].strength >= lock.mode.strength
                if observed.reads:
                    assert set(observed.scans) <= set(statement.scans)
                    assert set(observed.rewrites) == set(statement.rewrites)
                assert observed.reads == (statement.pace not in (Pace.SCRIPT, Pace.CONCURRENT))
    assert any("ADD COLUMN more" in sql for sql in told)
    assert any("VALIDATE CONSTRAINT" in sql for sql in told)
    (validated,) = (each for each in seen.values() if each.scans == (PARENTS, T) or each.scans == (T, PARENTS))
    assert {lock.table: lock.mode for lock in validated.locks}[T] is LockMode.SHARE_UPDATE_EXCLUSIVE


def test_it_keeps_the_locks_of_what_undoes_a_step(tmp_path: Path) -> None:
    proof = proved(tmp_path).proof
    assert proof is not None
    undone = [each for each in proof.observed if each.undo]
    assert undone
    assert any(lock.mode is LockMode.ACCESS_EXCLUSIVE for each in undone for lock in each.locks)


def test_it_keeps_what_both_versions_could_do_after_each_stage(tmp_path: Path) -> None:
    outcome = proved(tmp_path)
    assert outcome.plan is not None
    assert outcome.proof is not None
    trials = {(each.version, each.stage): each for each in outcome.proof.trials}
    for stage in outcome.plan.stages:
        assert trials[Version.NEW, stage].tried > 0
        if stage.number < Stage.CONTRACT.number:
            assert trials[Version.OLD, stage].tried > 0
    last = trials[Version.NEW, outcome.plan.stages[-1]]
    assert (last.worked, last.failed) == (last.tried, ())
    for each in trials.values():
        assert bool(each.failed) == (each.worked < each.tried)


def test_it_keeps_what_verify_said_before_and_after_each_stage(tmp_path: Path) -> None:
    outcome = proved(tmp_path)
    assert outcome.plan is not None
    assert outcome.proof is not None
    verified = outcome.proof.verified
    assert [each.stage for each in verified] == [None, *outcome.plan.stages]
    rows = outcome.files["verify.sql"].count("\n    (")
    assert all(len(each.done) == rows for each in verified)
    assert not any(verified[0].done)
    assert all(verified[-1].done)


def test_the_foreign_key_of_the_example_makes_the_old_version_fail_at_one_thing() -> None:
    shop = next(example for example in EXAMPLES if example.name == "link_customers")
    proof = run(Request(old=str(shop.old), new=str(shop.new))).proof
    assert proof is not None
    (failing,) = (each for each in proof.trials if each.version is Version.OLD and each.failed)
    assert (failing.stage, failing.failed) == (Stage.VALIDATE, ("updates id of users",))
