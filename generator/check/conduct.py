"""A check from top to bottom."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.check.judge import Judge
from generator.check.live import check_database
from generator.check.migrations import check_migrations
from generator.check.of_plan import in_brief, judge_outcome
from generator.check.places import Places
from generator.check.request import CheckRequest
from generator.check.script import check_script
from generator.model.check import Check
from generator.model.statistics import Estimate
from generator.pipeline import Ask, Progress, finish, leave_open, prepare


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The check, and what the pipeline made of the change: its files, where it could be written."""

    check: Check
    files: Mapping[str, str] = field(default_factory=dict)


def check(wanted: CheckRequest, *, ask: Ask = leave_open, progress: Progress = lambda _doing: None) -> CheckResult:
    """Everything that was asked for. Raises GenMigrationError for what a user can mend."""
    whole = bool(wanted.migrations or wanted.script or wanted.database)
    with prepare(wanted.request, ask=ask, progress=progress, whole=whole) as prepared:
        judge = Judge(
            policy=wanted.policy,
            places=Places(prepared.new.declared, prepared.old.declared, schema=prepared.new.schema),
        )
        if wanted.script is not None:
            return CheckResult(check=check_script(wanted, prepared, judge, progress))
        outcome = finish(wanted.request, prepared, progress=progress)
        passed = list(judge_outcome(judge, outcome, prepared.answers))
        estimates: tuple[Estimate, ...] = ()
        if wanted.migrations:
            passed += check_migrations(judge, prepared, outcome, wanted.migrations, wanted.request.rows, progress)
        if wanted.database is not None:
            progress("Reading the live database")
            told, estimates = check_database(judge, prepared, outcome.plan, wanted.database)
            passed += told
        if outcome.plan is None and not outcome.questions and not outcome.refusals:
            passed.append("The two schemas are equal: there is nothing to migrate.")
        return CheckResult(
            check=Check(
                subject=f"{wanted.request.old} → {wanted.request.new}",
                server_version=prepared.server.version,
                findings=judge.sorted(),
                changes=outcome.plan.changes if outcome.plan else (),
                passed=tuple(passed),
                notes=(*outcome.notes, *(outcome.plan.stood_in if outcome.plan else ())),
                stages=in_brief(outcome.plan) if outcome.plan else (),
                command=wanted.command if outcome.plan else "",
                estimates=estimates,
            ),
            files=outcome.files,
        )
