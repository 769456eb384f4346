"""What a form is given, and what it gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from generator.model.plan import Plan, Stage
from generator.render.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be written into ``folder``: the units of ``stages``, which are all that the plan has, or some.

    ``mark`` tells this plan from others, in the files that are written. ``now`` is the time in UTC, for runners that
    number by it. ``new_state`` is what a runner keeps of the new schema beside its migrations, where it does and the
    last stage is among ``stages``: Drizzle's snapshot, Django's operations.
    """

    plan: Plan
    units: tuple[Unit, ...]
    stages: tuple[Stage, ...]
    folder: Path
    mark: str
    now: datetime
    templates: Path | None = None
    new_state: Any = None

    @property
    def chosen(self) -> tuple[Unit, ...]:
        """The units to write, in order."""
        return tuple(unit for unit in self.units if unit.stage in self.stages)

    @property
    def finishes(self) -> bool:
        """Whether the plan's last stage is written."""
        return self.plan.stages[-1] in self.stages


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What comes into a folder, by path inside of it. ``replaced`` pairs what a file holds now with what it will hold.

    ``then`` are sentences that say what to do next.
    """

    folder: Path
    new: Mapping[str, str]
    replaced: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    then: tuple[str, ...] = ()


class Form(Protocol):
    """One runner's form."""

    folder_is: str
    """Which folder ``--out`` names, in a few words."""
    at_once: bool
    """Whether the runner always applies everything that is pending: then a stage is written at a time."""
    suffixes: tuple[str, ...]
    """How the names of the files end in which ``marks`` looks for what was written earlier."""

    def usual(self, here: Path) -> Path | None:
        """Where the runner has its migrations in a project at ``here``; None where it has none."""

    def inside(self, out: Path) -> Path:
        """The folder that holds the migrations, where ``out`` names it or something above."""

    def write(self, job: Job) -> Writing:
        """What comes into the folder. Raises BadInput where that cannot be."""
