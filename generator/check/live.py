"""A live database: whether it is what OLD says, what was left over in it, and how much a plan would touch.

It is only read: its schema by pg_dump, all else in one read-only transaction, from the catalogs and statistics alone.
"""

from typing import TYPE_CHECKING, Any

from generator.check.judge import Judge
from generator.check.meanwhile import stops_writes
from generator.dialects.postgres.leftovers import Leftovers, read_leftovers
from generator.dialects.postgres.names import PREFIX
from generator.dialects.postgres.statistics import read_statistics
from generator.errors import ServerUnavailable
from generator.model.answers import key_of
from generator.model.check import Place
from generator.model.plan import Pace, Plan
from generator.model.schema import Schema
from generator.model.statistics import Estimate
from generator.pipeline import Prepared
from generator.plan.estimate import estimates
from generator.prove.state import differences, helpers_there
from generator.sides import give_as_there, read_side

if TYPE_CHECKING:
    from psycopg import Connection

_MOST = 20


def check_database(
    judge: Judge, prepared: Prepared, plan: Plan | None, url: str
) -> tuple[tuple[str, ...], tuple[Estimate, ...]]:
    """Sentences on what is as it should be, and an estimate for each statement. Raises ServerUnavailable, BadInput."""
    import psycopg

    from generator.load import all_owner_statements, for_release, start
    from generator.load.live import masked

    shown = masked(url)
    release = min(prepared.major, prepared.server.major)
    declared = for_release(start(url).result(), release)
    owners = all_owner_statements(declared) if prepared.old.owned else frozenset[str]()
    live = give_as_there(read_side(declared, prepared.server, owners), prepared.old, prepared.server).schema
    try:
        with psycopg.connect(url, autocommit=True, fallback_application_name="gen-migration") as connection:
            connection.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.execute("SET LOCAL search_path = ''")
            connection.execute("SET LOCAL lock_timeout = '2s'")
            statistics = read_statistics(connection, shown)
            leftovers, helpers = read_leftovers(connection), helpers_there(connection)
            done = _done(connection, plan) if plan is not None else {}
            connection.execute("ROLLBACK")
    except psycopg.Error as error:
        raise ServerUnavailable(
            f"{shown}: {str(error).strip()}", "Look at the URL, and whether the server is up."
        ) from None
    begun = (
        plan is not None
        and (helpers or differences(_as_said(prepared, live)[1], live))
        and _judge_stages(judge, prepared, plan, done)
    )
    passed = _judge_drift(judge, prepared, live, shown, begun=bool(begun))
    _judge_leftovers(judge, prepared.old.schema, leftovers, helpers)
    if plan is None:
        return passed, ()
    found = estimates(plan, statistics)
    _judge_estimates(judge, found)
    return passed, found


def _judge_drift(judge: Judge, prepared: Prepared, live: Schema, shown: str, *, begun: bool) -> tuple[str, ...]:
    old, new = _as_said(prepared, live)
    if not differences(new, live) and differences(old, live):
        return () if begun else (f"{shown} is what NEW says: the migration has been run.",)
    by_new = {what: expected for what, expected, _ in differences(new, old)}
    found = [
        (what, expected, got)
        for what, expected, got in differences(old, live)
        if PREFIX not in what and by_new.get(what, "") != got and not (begun and what in by_new)
    ]
    for what, expected, got in found[:_MOST]:
        wanted, there = ("nothing" if each == "-" else each for each in (expected, got))
        judge.find(
            "database-drifted",
            f"{what}: OLD has {wanted}, the database has {there}.",
            effect="The migration was planned and proved for another database than this one.",
            way_out="Find out who changed it; bring OLD up to date, or the database back.",
            where=Place(object=what),
        )
    if len(found) > _MOST:
        judge.find(
            "database-drifted",
            f"{len(found) - _MOST} more things differ between OLD and the database.",
            effect="The migration was planned and proved for another database than this one.",
            way_out="Compare them: gen-migration OLD URL.",
        )
    if found or begun:
        return ()
    return (f"{shown} is what OLD says.",)


def _as_said(prepared: Prepared, live: Schema) -> tuple[Schema, Schema]:
    """Both sides, with what models cannot say taken from the database."""
    from generator.diff.unsaid import with_unsaid

    old, new = prepared.old, prepared.new
    return (
        with_unsaid(live, old.schema)[0] if old.declared.models else old.schema,
        with_unsaid(live, new.schema)[0] if new.declared.models else new.schema,
    )


def _judge_leftovers(judge: Judge, old: Schema, leftovers: Leftovers, helpers: tuple[str, ...]) -> None:
    meant = {
        (table.name, each.name)
        for table in old.tables
        for each in table.constraints
        if not getattr(each, "validated", True)
    }
    for table, name in leftovers.unvalidated:
        if (table, name) not in meant:
            judge.find(
                "constraint-not-valid",
                f"{name} of {table} is NOT VALID: rows that were there before it were never checked.",
                effect="The planner does not use it, and rows may break it.",
                way_out=f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}",
                where=Place(object=key_of(table, name)),
            )
    for table, name in leftovers.invalid:
        judge.find(
            "index-invalid",
            f"{name} on {table} is INVALID: building it was interrupted.",
            effect="Every write pays for it, and no query uses it.",
            way_out=f"DROP INDEX CONCURRENTLY {name}, and build it again.",
            where=Place(object=key_of(table, name)),
        )
    if helpers:
        judge.find(
            "helper-left",
            f"What a migration makes for itself is there: {', '.join(helpers)}.",
            effect="A migration is under way, or was given up without its rollbacks.",
            way_out="Run the stages that are left, or the rollbacks of those that were run; verify.sql says which.",
            where=Place(object=helpers[0]),
        )


def _done(connection: "Connection[tuple[Any, ...]]", plan: Plan) -> dict[int, bool]:
    """By the number of each step that leaves something to look for, whether it is there.

    What needs a function of ours is left out: a read-only transaction cannot make one.
    """
    import psycopg

    found: dict[int, bool] = {}
    for number, step in enumerate(plan.steps):
        if not step.run or all(statement.pace is Pace.SCRIPT for statement in step.run[-1].statements):
            continue
        try:
            with connection.transaction():
                row = connection.execute(f"SELECT {step.run[-1].done}".encode()).fetchone()
        except psycopg.Error:
            continue
        found[number] = row is not None and bool(row[0])
    return found


def _judge_stages(judge: Judge, prepared: Prepared, plan: Plan, done: dict[int, bool]) -> bool:
    """Whether a migration was begun: what is true now and was not in the old schema tells how far it has come."""
    with prepared.old.database.connect() as connection:
        connection.execute("SET search_path = ''")
        before = _done(connection, plan)
    # What is there for a while only (a trigger) is made by one step and taken away by another.
    telling = {number: plan.steps[number] for number in done if not before.get(number, True) or not done[number]}
    finished = [number for number in telling if done[number]]
    if not finished:
        return False
    furthest = max(telling[number].stage.number for number in finished)
    said = []
    for stage in plan.stages:
        of_stage = {number: step for number, step in telling.items() if step.stage is stage}
        left = [step for number, step in of_stage.items() if not done[number]]
        if not of_stage:
            continue
        if not left or stage.number < furthest:
            said.append(f"{stage} is done")
        elif len(left) < len(of_stage):
            said.append(f"{stage} is half done and lacks: {' '.join(step.purpose for step in left)}")
        else:
            said.append(f"{stage} is not done")
    if not any(each.endswith("not done") or "half" in each for each in said):
        return True
    judge.find(
        "stage-unfinished",
        f"The migration from OLD to NEW was begun: {'; '.join(said)}.".replace("..", "."),
        effect="The database is between the two schemas.",
        way_out="Run the script of the first stage that is not done: what is done is skipped.",
    )
    return True


def _judge_estimates(judge: Judge, found: tuple[Estimate, ...]) -> None:
    for each in found:
        strong = [lock for lock in each.locks if stops_writes(lock)]
        if not strong or each.seconds is None or each.seconds <= judge.policy.longest:
            continue
        judge.find(
            "slow-statement",
            f"In {each.stage}: {each.purpose} It would stop writes to {strong[0].table} for about"
            f" {each.seconds:,.0f} s (an estimate: {each.how}).",
            effect=f"That is longer than the {judge.policy.longest:g} s that are allowed.",
            way_out="Plan a window for it, or change the schema in another way.",
            about=key_of(strong[0].table),
            small=key_of(strong[0].table) in judge.policy.small,
        )
