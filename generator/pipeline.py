"""The whole product from top to bottom: two sources in, a proven plan and its files out.

Nothing is written here and nothing is printed: ``cli`` does both with the Outcome.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.model.answers import Answers, Question, Refusal
from generator.model.plan import Plan
from generator.model.proof import Proof
from generator.sides import Side, give_where_both_name, read_side

if TYPE_CHECKING:
    from generator.model.change import Change
    from generator.model.schema import QName
    from generator.model.usage import Usage
    from generator.render.forms.form import Writing
    from generator.render.review import Subject
    from generator.render.units import Unit
    from generator.server import Server

Ask = Callable[[tuple[Question, ...]], Answers | None]
"""Asks a person. None leaves the questions open and ends the run."""

Progress = Callable[[str], None]
"""Is told what is being done now, in a few words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted: two sources, and the options of the command line of the same names.

    ``folder`` is that of the runner ``to``, where it is not psql.
    """

    old: str
    new: str
    answers: Path | None = None
    rows: Path | None = None
    server: str | None = None
    major: int | None = None
    binaries: Path | None = None
    templates: Path | None = None
    prove: bool = True
    database: str | None = None
    code: tuple[Path, ...] = ()
    to: str = "psql"
    folder: Path | None = None
    stage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How it ended. ``files`` are the scripts' texts by name, in order; without ``plan`` there is nothing to do, or
    ``questions`` or ``refusals`` say why there is none. ``proof`` is None where none was wanted.
    ``renamed`` gives tables their new names by the old ones; ``changes`` are what the plan was made of.
    ``usages`` are places in the application's code, None where none was named; ``writing`` is what comes into a
    runner's folder. ``reviews`` are both forms of the review, which are among the files but where a runner has
    its own."""

    plan: Plan | None = None
    proof: Proof | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()
    renamed: "Mapping[QName, QName]" = field(default_factory=dict)
    changes: "tuple[Change, ...]" = ()
    usages: "tuple[Usage, ...] | None" = None
    writing: "Writing | None" = None
    reviews: Mapping[str, str] = field(default_factory=dict)


def leave_open(_questions: tuple[Question, ...]) -> None:
    """The Ask where nobody is there to answer."""


def run(request: Request, *, ask: Ask = leave_open, progress: Progress = lambda _doing: None) -> Outcome:
    """Load, read, compare, ask, plan, render, prove. Raises GenMigrationError for what a user can mend."""
    with prepare(request, ask=ask, progress=progress) as prepared:
        return finish(request, prepared, progress=progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Both sides on a server that is up, and what was planned between them with all answers there are."""

    server: "Server"
    major: int
    old: Side
    new: Side
    answers: Answers
    planned: Outcome


@contextmanager
def prepare(
    request: Request, *, ask: Ask = leave_open, progress: Progress = lambda _doing: None, whole: bool = False
) -> Iterator[Prepared]:
    """Load, read, compare, ask and plan; the server goes when the block ends. Raises GenMigrationError.

    ``whole`` reads also what is equal on both sides, for those who run other scripts than ours on it.
    """
    from generator.diff.unsaid import as_meant
    from generator.load import for_release, is_live, merge, narrow, owner_statements, read_answers, role_notes, start
    from generator.load.outside import outside_tables, share_outside
    from generator.render.environment import environment
    from generator.server import open_server
    from generator.server.meanwhile import meanwhile

    if request.templates:
        environment(request.templates)  # a folder that is not there is told before the work is done
    given = read_answers(request.answers) if request.answers else Answers()

    progress("Loading both schemas")
    loading_old, loading_new = start(request.old), start(request.new)
    sides = ((request.old, loading_old), (request.new, loading_new))
    live = next((loading for source, loading in sides if is_live(source)), None)
    major = request.major or (live.result().major if live else None)
    opening = open_server(url=request.server, major=major, binaries=request.binaries)
    with meanwhile(opening) as server_ready, ThreadPoolExecutor(max_workers=2) as pool:
        loaded_old, loaded_new = loading_old.result(), loading_new.result()
        server = server_ready.result()
        major = major or server.major
        release = min(major, server.major)
        declared = share_outside(for_release(loaded_old, release), for_release(loaded_new, release))
        old_declared, new_declared = declared if whole else narrow(*declared)
        answers = merge(old_declared.hints, new_declared.hints, given)
        progress("Reading both schemas")
        owners = owner_statements(old_declared, new_declared)
        reading = [pool.submit(read_side, side, server, owners) for side in (old_declared, new_declared)]
        old, read = (each.result() for each in reading)
        partial, outside = new_declared.models and not old_declared.models, outside_tables(new_declared)
        own = bool(new_declared.snapshot)

        while True:
            old, read = give_where_both_name(old, read, answers, server)
            schema, notes = as_meant(old.schema, read.schema, partial=partial, outside=outside, own_namespaces=own)
            new = replace(read, schema=schema, notes=notes + role_notes(loaded_old, loaded_new))
            planned = plan_between(old, new, answers, major)
            if not planned.questions:
                break
            more = ask(planned.questions)
            if more is None:
                break
            answers = merge(answers, more)
        yield Prepared(server=server, major=major, old=old, new=new, answers=answers, planned=planned)


def finish(request: Request, prepared: Prepared, *, progress: Progress = lambda _doing: None) -> Outcome:
    """What was planned with its scripts, its proof and the files that tell of both; as it is where nothing was."""
    planned = prepared.planned
    if planned.plan is None:
        return planned
    return _rendered_and_proved(request, planned, planned.plan, prepared.old, prepared.new, prepared.server, progress)


def plan_between(old: Side, new: Side, answers: Answers, version: int) -> Outcome:
    """A plan; or the questions and refusals that stand in its way; or neither, where nothing has changed."""
    from generator.dialects.postgres.planning import gather_facts, make_plan
    from generator.diff import compare
    from generator.model.change import TableRenamed
    from generator.plan.consents import open_consents

    diff = compare(old.schema, new.schema, answers)
    if diff.refusals or diff.questions or not diff.changes:
        return Outcome(questions=diff.questions, refusals=diff.refusals, notes=new.notes + diff.notes)
    stood_in = tuple(dict.fromkeys(old.stood_in + new.stood_in))
    with old.database.connect() as connection, new.database.connect() as ahead:
        facts = gather_facts(connection, ahead, diff, old.schema, version=version, stood_in=stood_in)
    plan = make_plan(diff, old.schema, new.schema, answers, facts)
    questions = plan.questions + open_consents(plan, answers)
    if plan.refusals or questions:
        return Outcome(refusals=plan.refusals, questions=questions, notes=new.notes + diff.notes)
    renamed = {change.old: change.table.name for change in diff.changes if isinstance(change, TableRenamed)}
    return Outcome(plan=plan, notes=new.notes + diff.notes, renamed=renamed, changes=diff.changes)


def _rendered_and_proved(
    request: Request, planned: Outcome, plan: Plan, old: Side, new: Side, server: "Server", progress: Progress
) -> Outcome:
    """The scripts, what a server made of them, and the files that tell of both."""
    from generator.dialects.postgres.beside import carried_labels
    from generator.dialects.postgres.catalog import read_schema
    from generator.dialects.postgres.defined import definition_function
    from generator.prove import ProofRequest, prove
    from generator.render.environment import environment
    from generator.render.plan_json import render_plan_json
    from generator.render.review import Subject, render_reviews
    from generator.render.scripts import render_scripts, statement_text
    from generator.render.unit_scripts import scripts_of
    from generator.render.units import make_units

    progress("Writing the scripts")
    templates = environment(request.templates)
    scripts = render_scripts(plan, request.templates)
    units = make_units(plan, request.templates) if request.to != "psql" else ()
    writing = _written_for(request, plan, units, new, request.folder) if units and request.folder else None
    proof = None
    if request.prove:
        wanted = ProofRequest(
            plan=plan,
            scripts={**scripts, **scripts_of(plan, units, request.templates)} if units else scripts,
            old=old.schema,
            new=new.schema,
            server=server,
            old_database=old.database,
            new_database=new.database,
            read=functools.partial(read_schema, owners=old.owned),
            render_statement=lambda statement: statement_text(statement, templates),
            renamed=planned.renamed,
            labels=carried_labels(planned.changes),
            prelude=definition_function(action.done for step in plan.steps for action in step.actions),
            rows_file=request.rows,
            progress=progress,
        )
        proof = prove(wanted)
    told = Subject(plan=plan, proof=proof, old=old.schema, new=new.schema, changes=planned.changes)
    subject = _looked_around(request, replace(told, runner=request.to, writing=writing), progress)
    reviews = render_reviews(subject, request.templates)
    files = {**scripts, **reviews, "plan.json": render_plan_json(plan, proof, scripts)}
    if writing is not None:
        files = {**writing.new, **{name: after for name, (_, after) in writing.replaced.items()}}
    return replace(planned, proof=proof, files=files, usages=subject.usages, writing=writing, reviews=reviews)


def _looked_around(request: Request, subject: "Subject", progress: Progress) -> "Subject":
    """With what a live database and the application's code say, where they were named."""
    from generator.render.review.fillings import fillings_of, preflights

    if request.database is not None:
        from generator.dialects.postgres.live_look import look_at
        from generator.render.environment import environment

        progress("Counting in the database")
        live = look_at(request.database, preflights(subject, environment(request.templates)))
        subject = replace(subject, live=live)
    if request.code:
        from generator.usage import affected_by, find_usages

        progress("Reading the code")
        affected = affected_by(subject.changes, fillings_of(subject.plan), subject.old, subject.new)
        models = tuple(Path(source) for source in (request.old, request.new) if source.endswith(".py"))
        return replace(subject, usages=find_usages(request.code, affected, models))
    return subject


def _written_for(request: Request, plan: Plan, units: "tuple[Unit, ...]", new: Side, folder: Path) -> "Writing":
    """What comes into a runner's folder."""
    from generator.load import drizzle_state
    from generator.render import forms

    stages = forms.stages_of(request.to, plan, folder, request.stage)
    state = drizzle_state(folder, new.declared) if request.to == "drizzle" else None
    return forms.prepare(request.to, plan, units, folder, stages, templates=request.templates, new_state=state)
