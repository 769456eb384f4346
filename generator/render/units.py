"""The plan as units, for runners that open a connection or a transaction for each file: each stands alone.

A unit is a step with the gates before it. It is made of pieces, each one statement: a DO block which takes its locks,
tries again and commits by itself, or one statement that runs CONCURRENTLY. A runner that sends several statements one
by one takes a unit as a whole; one that sends a file as one string takes a file for each piece. No piece may be run in
a transaction, and each may be run again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.dialects.postgres.defined import definition_function
from generator.model.plan import Action, CannotUndo, LockMode, NothingToUndo, Pace, Plan, Stage, Statement, Step, Undo
from generator.model.schema import QName
from generator.render.environment import environment, render_template
from generator.render.scripts import statement_text

if TYPE_CHECKING:
    from jinja2 import Environment

_SCRIPT = re.compile(r"\b0\d_(expand|backfill|validate|contract|cleanup)\.sql\b")
_COMMITS = re.compile(r"\bCOMMIT\s*;")
_INCOMPLETE = "the statement before did not come to its end: {way_out}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One statement, without its semicolon. ``concurrent``: PostgreSQL wants it all by itself, so a string that holds
    it may hold nothing else."""

    sql: str
    concurrent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What must be recorded as done together.

    ``number`` counts from 1 over the whole plan. ``title`` is the purpose of its step, ``notes`` those of the gates
    before it. ``back`` undoes it, in order; it is empty where nothing is undone, and ``not_undone`` says why.
    ``loses`` are what ``back`` cannot give back. ``patient`` is set where it may take long, and the session's own
    timeouts must not end it; ``patient_back`` the same for the way back.
    """

    stage: Stage
    number: int
    title: str
    pieces: tuple[Piece, ...]
    back: tuple[Piece, ...]
    notes: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    not_undone: str = ""
    patient: bool = False
    patient_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An action within a block, as the template lays it out. ``way`` is instant, long or script."""

    way: str
    tables: tuple[QName, ...]
    refuse: tuple[tuple[str, str], ...]
    unless: str
    run: str


def make_units(plan: Plan, templates: Path | None = None) -> tuple[Unit, ...]:
    """Every unit, in the order in which they run."""
    with_templates = environment(templates)
    units: list[Unit] = []
    for stage in plan.stages:
        steps = plan.steps_of(stage)
        lost = tuple(step.undo.because for step in steps if isinstance(step.undo, CannotUndo))
        for gates, step in _gathered(steps):
            final = lost if stage is Stage.CLEANUP else ()
            units.append(_unit(with_templates, len(units) + 1, gates, step, final))
    return tuple(units)


def patiently(pieces: tuple[Piece, ...], templates: Path | None = None) -> tuple[Piece, ...]:
    """The pieces with the session's timeouts off, which are given back at the end."""
    if not pieces:
        return ()
    first, last = (
        render_template(environment(templates), "unit_patience.sql.j2", ends=ends).strip() for ends in (False, True)
    )
    return (Piece(sql=first), *pieces, Piece(sql=last))


def _gathered(steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Step]]:
    """Each step with the gates before it: when it is tried again, they look again.

    A gate with nothing after it is a step of its own.
    """
    gates: list[Step] = []
    for number, step in enumerate(steps):
        if _is_gate(step) and number + 1 < len(steps):
            gates.append(step)
        else:
            yield tuple(gates), step
            gates.clear()


def _is_gate(step: Step) -> bool:
    statements = [statement for action in step.run for statement in action.statements]
    return isinstance(step.undo, NothingToUndo) and all(each.pace is Pace.SCRIPT for each in statements)


def _unit(
    with_templates: "Environment", number: int, gates: tuple[Step, ...], step: Step, final: tuple[str, ...]
) -> Unit:
    undo = step.undo
    undone = undo.actions if isinstance(undo, Undo) else ()
    back = _pieces(with_templates, undone, f"undo “{step.purpose}” again")
    if final:
        sql = render_template(with_templates, "unit_no_way_back.sql.j2", title=step.purpose, lost=final)
        back = (Piece(sql=sql.strip()),)
    forwards = tuple(action for each in (*gates, step) for action in each.run)
    return Unit(
        stage=step.stage,
        number=number,
        title=step.purpose,
        notes=tuple(gate.purpose for gate in gates),
        pieces=_pieces(with_templates, forwards, "undo this step, and run it again"),
        back=back,
        loses=final or ((undo.loses,) if isinstance(undo, Undo) and undo.loses else ()),
        not_undone="" if isinstance(undo, Undo) or final else undo.because,
        patient=_is_patient(forwards),
        patient_back=_is_patient(undone) and not final,
    )


def _is_patient(actions: Iterable[Action]) -> bool:
    return any(statement.pace is not Pace.INSTANT for action in actions for statement in action.statements)


def _pieces(with_templates: "Environment", actions: Iterable[Action], way_out: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    entries: list[Entry] = []

    def close() -> None:
        if entries:
            pieces.append(_block(with_templates, tuple(entries)))
            entries.clear()

    for action in actions:
        texts = tuple(_text(statement, with_templates) for statement in action.statements)
        paces = {statement.pace for statement in action.statements}
        if Pace.CONCURRENT in paces:
            close()
            pieces += (Piece(sql=text, concurrent=True) for text in texts)
            said = _INCOMPLETE.format(way_out=way_out)
            entries.append(
                Entry(way="instant", tables=(), refuse=((f"NOT ({action.done})", said),), unless="true", run="")
            )
        elif Pace.SCRIPT in paces and any(_COMMITS.search(text) for text in texts):
            close()
            text = ";\n".join(texts)
            pieces.append(Piece(sql=render_template(with_templates, "unit_script.sql.j2", text=text).strip()))
        else:
            entries.append(_entry(action, texts, paces))
    close()
    return tuple(pieces)


def _text(statement: Statement, with_templates: "Environment") -> str:
    """The statement's SQL. Its hints do not name scripts, which no runner knows."""
    return _SCRIPT.sub(r"the \1 stage", statement_text(statement, with_templates))


def _entry(action: Action, texts: tuple[str, ...], paces: set[Pace]) -> Entry:
    way = "script" if Pace.SCRIPT in paces else "long" if Pace.LONG in paces else "instant"
    locks = (
        lock.table
        for statement in action.statements
        for lock in statement.locks
        if lock.mode.strength >= LockMode.SHARE_UPDATE_EXCLUSIVE.strength
    )
    return Entry(
        way=way,
        tables=() if way == "script" else tuple(dict.fromkeys(locks)),
        refuse=action.refuse,
        unless=action.done,
        run="\n" + ";\n".join(texts) + ";\n",
    )


def _block(with_templates: "Environment", entries: tuple[Entry, ...]) -> Piece:
    definitions = definition_function(
        text for entry in entries for text in (entry.unless, *(condition for condition, _ in entry.refuse))
    )
    sql = render_template(with_templates, "unit_block.sql.j2", entries=entries, definitions=definitions)
    return Piece(sql=sql.strip())
