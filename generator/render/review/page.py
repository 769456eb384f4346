"""Everything that a review says, as values: the two forms of it only lay them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from generator.model.live import Count, Live
from generator.model.plan import Hazard, Plan, Stage
from generator.model.proof import Proof
from generator.model.usage import Usage
from generator.render.grouping import grouped_holds, grouped_losses
from generator.render.review.fillings import FillingWords, fillings_in_words
from generator.render.review.headline import headline
from generator.render.review.picture import Picture, picture
from generator.render.review.schedule import Schedule, schedule
from generator.render.review.statements import StageSteps, stages_in_words
from generator.render.review.subject import Subject
from generator.render.scripts import states_of
from generator.render.sentences import full_stop
from generator.render.stages import StageWords, Wait

if TYPE_CHECKING:
    from jinja2 import Environment

_MOST_NAMES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A row of verify.sql, and what it said before the first stage and after each, where the proof looked."""

    number: int
    stage: Stage
    purpose: str
    said: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """What does not come back when a stage is rolled back: ``how`` is ``is impossible``, ``loses something`` …"""

    stage: StageWords
    how: str
    what: str

    @property
    def sentence(self) -> str:
        """All of it."""
        return full_stop(f"Rolling back {self.stage.stage.number} {self.stage.stage} {self.how}: {self.what}")


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageGroup:
    """The places in the code that use one thing; those that are certain first."""

    what: str
    why: str
    places: tuple[Usage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A review. ``when`` are the moments at which verify.sql was asked; ``locks`` are each stage's, in lines.

    ``usages`` is None where no code was named; ``runner`` is empty where it is psql; another one has ``files`` of its
    own, and ``then`` says what to do with them.
    """

    plan: Plan
    proof: Proof | None
    headline: str
    stages: tuple[StageSteps, ...]
    locks: tuple[tuple[str, ...], ...]
    schedule: Schedule
    picture: Picture
    fillings: tuple[FillingWords, ...]
    hazards: tuple[tuple[Stage, Hazard], ...]
    losses: tuple[Loss, ...]
    checks: tuple[Check, ...]
    when: tuple[str, ...]
    live: Live | None
    usages: tuple[UsageGroup, ...] | None
    runner: str
    files: tuple[str, ...]
    then: tuple[str, ...]

    @property
    def stopping(self) -> tuple[tuple[str, Count], ...]:
        """What was counted in a live database and will stop the back-fill, each with the column that is filled."""
        return tuple((filling.name, count) for filling in self.fillings for count in filling.counts if count.stops)

    @property
    def waits(self) -> bool:
        """Whether the application has to wait anywhere."""
        return any(stage.words.wait is not Wait.NONE for stage in self.stages)

    @property
    def windows(self) -> bool:
        """Whether it has to wait for as long as a table is read or rewritten."""
        return any(stage.words.wait is Wait.WINDOW for stage in self.stages)


def make_page(subject: Subject, templates: "Environment") -> Page:
    """All of it. Raises BadInput where a user's template is at fault."""
    plan, proof = subject.plan, subject.proof
    runner = "" if subject.runner == "psql" else subject.runner
    stages = stages_in_words(subject, templates)
    hazards = dict.fromkeys((step.stage, hazard) for step in plan.steps for hazard in step.hazards)
    when = tuple(f"after {each.stage}" if each.stage else "before" for each in (proof.verified if proof else ()))
    return Page(
        plan=plan,
        proof=proof,
        headline=headline(subject.changes),
        stages=stages,
        locks=tuple(grouped_holds(stage.words.holds, _MOST_NAMES) for stage in stages),
        schedule=schedule(plan, proof, runner),
        picture=picture(subject),
        fillings=fillings_in_words(subject, templates),
        hazards=tuple(hazards),
        losses=tuple(_losses([stage.words for stage in stages])),
        checks=_checks(plan, proof),
        when=when,
        live=subject.live,
        runner=runner,
        files=tuple(subject.writing.new) if subject.writing else (),
        then=subject.writing.then if subject.writing else (),
        usages=None if subject.usages is None else tuple(_grouped(subject.usages)),
    )


def _grouped(usages: Sequence[Usage]) -> list[UsageGroup]:
    groups: dict[tuple[str, str], list[Usage]] = {}
    for usage in usages:
        groups.setdefault((usage.what, usage.why), []).append(usage)
    return [
        UsageGroup(what=what, why=why, places=tuple(sorted(places, key=lambda each: each.certainty)))
        for (what, why), places in groups.items()
    ]


def _losses(stages: Sequence[StageWords]) -> list[Loss]:
    found = []
    for stage in stages:
        how = "is not all of the way" if stage.in_part else "is impossible"
        how = how if stage.way_back == "impossible" else "loses something"
        found += [Loss(stage=stage, how=how, what=loss) for loss in grouped_losses(stage.losses, _MOST_NAMES)]
    return found


def _checks(plan: Plan, proof: Proof | None) -> tuple[Check, ...]:
    verified = proof.verified if proof else ()
    return tuple(
        Check(number=at + 1, stage=stage, purpose=purpose, said=tuple(each.done[at] for each in verified))
        for at, (stage, purpose, _) in enumerate(states_of(plan))
    )
