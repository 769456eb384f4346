"""The time line: who does what when, which version of the application runs and works meanwhile, the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from generator.model.plan import Plan, Stage
from generator.model.proof import Proof, Version
from generator.render.grouping import grouped_losses
from generator.render.stages import StageWords, WayBack, in_words

_MOST_NAMES = 6

PURPOSES = {
    Stage.EXPAND: "Adds what the new version needs and the old one does not mind.",
    Stage.BACKFILL: "Fills the rows that exist, in batches, once it has checked them.",
    Stage.VALIDATE: "Builds indexes and proves constraints while everybody works.",
    Stage.CONTRACT: "Takes away what only the old version needed.",
    Stage.CLEANUP: "Drops what was set aside for the way back.",
}
"""What each stage is for."""


class Lane(StrEnum):
    """Whether a version of the application is running."""

    RUNS = "runs"
    MAY_RUN = "may still run"
    ABSENT = "does not run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happens. ``who`` does it; ``stage`` is set where a script is run.

    ``old`` and ``new`` say which version of the application runs from then on; ``old_worked`` and ``new_worked`` what
    the proof saw of them once it had happened. ``way_back`` is what can be rolled back from here, ``back`` in words;
    ``no_return`` marks the point from which there is no way back at all.
    """

    who: str
    title: str
    words: str
    old: Lane
    new: Lane
    stage: StageWords | None = None
    old_worked: str = ""
    new_worked: str = ""
    way_back: WayBack = WayBack.FREE
    back: str = ""
    no_return: bool = False

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was seen once a script had run, and the way back from it, without full stops."""
        told = [f"After it the old version: {self.old_worked}"] if self.old_worked else []
        told += [f"{'The' if told else 'After it the'} new version: {self.new_worked}"] if self.new_worked else []
        return (*told, self.back) if self.back else tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All events in their order; ``no_return`` says where the point of no return is, or that there is none."""

    events: tuple[Event, ...]
    no_return: str


def schedule(plan: Plan, proof: Proof | None, runner: str = "") -> Schedule:
    """The time line of a plan, whose scripts are run by psql or its migrations applied by another ``runner``."""
    stages = in_words(plan)
    events = tuple(_events(stages, proof, runner))
    final = next((event for event in events if event.no_return), None)
    if final is not None:
        told = f"The point of no return is {_file(final, runner)}: after it there is no way back."
    elif any(words.way_back is WayBack.IMPOSSIBLE for words in stages):
        told = "Every stage has a rollback, but not all of it comes back."
    elif any(words.way_back is WayBack.LOSSY for words in stages):
        told = "There is no point of no return: every stage can be rolled back, though not without loss."
    else:
        told = "There is no point of no return: every stage can be rolled back."
    return Schedule(events=events, no_return=told)


def _file(event: Event, runner: str) -> str:
    if event.stage is None:
        return event.title
    return f"stage {event.stage.stage.number}, {event.stage.stage}" if runner else event.stage.file


def _events(stages: tuple[StageWords, ...], proof: Proof | None, runner: str) -> Iterator[Event]:
    old, new = Lane.RUNS, Lane.ABSENT
    for words in stages:
        if words.stage.number >= Stage.VALIDATE.number and new is Lane.ABSENT:
            old, new = Lane.MAY_RUN, Lane.RUNS
            yield Event(
                who="application",
                title="Deploy the new version of the application",
                words="Everywhere. Processes of the old one may still be running.",
                old=old,
                new=new,
            )
        if words.stage.number >= Stage.CONTRACT.number and old is not Lane.ABSENT:
            old = Lane.ABSENT
            yield Event(
                who="application",
                title="End the last process of the old version",
                words="None of it is left: no server, no worker, no scheduled job.",
                old=old,
                new=new,
            )
        if words.stage is Stage.CLEANUP:
            yield Event(
                who="you", title="Be sure that you will not go back to the old version", words="", old=old, new=new
            )
        yield _stage(words, old, new, proof, runner)
    if new is Lane.ABSENT:
        yield Event(
            who="application",
            title="Deploy the new version of the application",
            words="From now on, whenever you like: nothing here waits for it.",
            old=Lane.MAY_RUN,
            new=Lane.RUNS,
        )


def _stage(words: StageWords, old: Lane, new: Lane, proof: Proof | None, runner: str) -> Event:
    final = words.stage is Stage.CLEANUP and words.way_back is WayBack.IMPOSSIBLE
    losses = "; ".join(grouped_losses(words.losses, _MOST_NAMES))
    if final:
        back = f"No way back: {losses}"
    elif words.way_back is WayBack.IMPOSSIBLE:
        back = f"Does not all come back: {losses}"
    elif words.way_back is WayBack.LOSSY:
        back = f"Going back loses: {losses}"
    else:
        back = "Going back loses nothing"
    return Event(
        who="database",
        title=f"Apply stage {words.stage.number}, {words.stage}, by {runner}" if runner else f"Run {words.file}",
        words=PURPOSES[words.stage],
        old=old,
        new=new,
        stage=words,
        old_worked=_worked(proof, Version.OLD, words.stage),
        new_worked=_worked(proof, Version.NEW, words.stage),
        way_back=words.way_back,
        back=back,
        no_return=final,
    )


def _worked(proof: Proof | None, version: Version, stage: Stage) -> str:
    """``46 of 47 statements work, not: …``; empty where it was not tried."""
    for trial in proof.trials if proof else ():
        if trial.version is version and trial.stage is stage:
            if trial.worked == trial.tried:
                return f"all {trial.tried} statements work"
            more = len(trial.failed) < trial.tried - trial.worked
            return (
                f"{trial.worked} of {trial.tried} statements work, not: {', '.join(trial.failed)}{' …' if more else ''}"
            )
    return ""
