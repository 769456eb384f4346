"""The forms in which a migration is written for the runner that a team has: a file a form.

A form looks at what is in the runner's folder and says what comes into it (``Form.write``); it changes nothing itself.
``writing.write`` does, all or nothing.
"""

from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from generator.errors import BadInput
from generator.model.plan import Plan, Stage
from generator.model.runners import ALL, NEXT
from generator.render.forms.form import Form, Job, Writing
from generator.render.forms.marks import found_in, mark_of, stages_to_write
from generator.render.units import Unit


def form(name: str) -> Form:
    """The form of a runner."""
    made: Form = import_module(f"generator.render.forms.{name.replace('-', '_')}").FORM
    return made


def find_folder(name: str, out: Path | None, here: Path) -> Path:
    """The runner's folder: what ``--out`` names, or where the runner has it by itself. Raises BadInput."""
    place = out if out is not None else form(name).usual(here)
    if place is None:
        raise BadInput(
            f"--to {name}: no folder of its migrations is found here.",
            f"Name it with --out; {form(name).folder_is}.",
        )
    if place.is_file():
        raise BadInput(f"--out {place}: this is a file.", f"Name the folder; {form(name).folder_is}.")
    return form(name).inside(place)


def stages_of(name: str, plan: Plan, folder: Path, stage: str | None) -> tuple[Stage, ...]:
    """The stages that are to be written now. ``stage`` is one's name, ``next`` or ``all``; None for the form's own way.

    Raises BadInput where that one would come too early, or is there already.
    """
    wanted = stage or (NEXT if form(name).at_once else ALL)
    return stages_to_write(plan, mark_of(plan), wanted, found_in(folder, form(name).suffixes), folder)


def prepare(
    name: str,
    plan: Plan,
    units: tuple[Unit, ...],
    folder: Path,
    stages: tuple[Stage, ...],
    *,
    templates: Path | None = None,
    new_state: Any = None,
) -> Writing:
    """What comes into the folder. Changes nothing yet. Raises BadInput."""
    job = Job(
        plan=plan,
        units=units,
        stages=stages,
        folder=folder,
        mark=mark_of(plan),
        now=datetime.now(UTC),
        templates=templates,
        new_state=new_state,
    )
    return form(name).write(job)
