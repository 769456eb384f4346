"""The plan as SQL scripts: a file a stage, its rollback beside it, and one that only looks.

They run with ``psql -X -v ON_ERROR_STOP=1 -f FILE`` and nothing else, as the tables' owner.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.dialects.postgres.defined import definition_function
from generator.model.plan import Action, CannotUndo, LockMode, Pace, Plan, Stage, Statement, Step, Template, Undo
from generator.model.schema import QName
from generator.render.environment import environment, render_template
from generator.render.stages import StageWords, in_words

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """An action, as the template lays it out: its texts, and the tables whose lock is asked for beforehand."""

    action: Action
    pace: Pace
    texts: tuple[str, ...]
    tables: tuple[QName, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A step of a script, or what undoes one: ``heading`` says what it does, ``note`` what is not undone and why."""

    heading: str
    blocks: tuple[Block, ...]
    note: str = ""


def render_scripts(plan: Plan, templates: Path | None = None) -> dict[str, str]:
    """Every script by its name, in the order in which they run; ``verify.sql`` comes last."""
    with_templates = environment(templates)
    files: dict[str, str] = {}
    for words in in_words(plan):
        steps = plan.steps_of(words.stage)
        forward = tuple(
            Part(heading=step.purpose, blocks=tuple(_block(with_templates, action) for action in step.run))
            for step in steps
        )
        files[words.file] = _script(with_templates, plan, words, forward)
        files[words.rollback_file] = _rollback(with_templates, plan, words, steps)
    states = tuple(states_of(plan))
    definitions = definition_function(probe for _, _, probe in states)
    files["verify.sql"] = render_template(
        with_templates, "verify.sql.j2", plan=plan, states=states, definitions=definitions
    )
    return files


def statement_text(statement: Statement, with_templates: "Environment") -> str:
    """The SQL of one statement, a template laid out, without its last semicolon."""
    if isinstance(statement.sql, Template):
        text = render_template(with_templates, statement.sql.name, subject=statement.sql.subject)
        return text.strip().removesuffix(";")
    return statement.sql


def _script(with_templates: "Environment", plan: Plan, words: StageWords, parts: tuple[Part, ...]) -> str:
    return _laid_out(with_templates, "script.sql.j2", plan, words, parts)


def _rollback(with_templates: "Environment", plan: Plan, words: StageWords, steps: tuple[Step, ...]) -> str:
    """The steps' undos in reverse. Where cleanup has destroyed something there is no way back, and it says so."""
    lost = tuple(step.undo.because for step in steps if isinstance(step.undo, CannotUndo))
    if words.stage is Stage.CLEANUP and lost:
        return render_template(with_templates, "no_way_back.sql.j2", plan=plan, words=words, lost=lost)
    parts = tuple(part for step in reversed(steps) if (part := _undo(with_templates, step)))
    return _laid_out(with_templates, "rollback.sql.j2", plan, words, parts)


def _laid_out(with_templates: "Environment", name: str, plan: Plan, words: StageWords, parts: tuple[Part, ...]) -> str:
    calls = any(block.pace not in (Pace.SCRIPT, Pace.CONCURRENT) for part in parts for block in part.blocks)
    definitions = definition_function(block.action.done for part in parts for block in part.blocks)
    return render_template(
        with_templates, name, plan=plan, words=words, parts=parts, calls_helper=calls, definitions=definitions
    )


def _undo(with_templates: "Environment", step: Step) -> Part | None:
    if isinstance(step.undo, Undo):
        blocks = tuple(_block(with_templates, action) for action in step.undo.actions)
        return Part(heading=f"Undo: {step.purpose}", blocks=blocks)
    if isinstance(step.undo, CannotUndo):
        return Part(heading=f"Not undone: {step.purpose}", blocks=(), note=step.undo.because)
    return None


def _block(with_templates: "Environment", action: Action) -> Block:
    texts = tuple(statement_text(statement, with_templates) for statement in action.statements)
    locks = [
        lock.table
        for statement in action.statements
        for lock in statement.locks
        if lock.asked_first and lock.mode.strength >= LockMode.SHARE_UPDATE_EXCLUSIVE.strength
    ]
    paces = {statement.pace for statement in action.statements}
    alone = paces & {Pace.SCRIPT, Pace.CONCURRENT, Pace.LONG}
    assert not alone or len(paces) == 1, f"statements of several paces in one action: {texts}"
    pace = next(iter(paces)) if alone else Pace.INSTANT
    return Block(action=action, pace=pace, texts=texts, tables=tuple(dict.fromkeys(locks)))


def states_of(plan: Plan) -> Iterator[tuple[Stage, str, str]]:
    """The rows of verify.sql: stage, purpose and probe of each step that leaves something to look for."""
    for step in plan.steps:
        if step.run and not all(statement.pace is Pace.SCRIPT for statement in step.run[-1].statements):
            yield step.stage, step.purpose, step.run[-1].done
