"""The order of steps: by stage, then by what each needs and makes, then as they came."""

from collections import defaultdict
from dataclasses import replace

from generator.model.plan import Ref, Stage, Step


class UnorderedSteps(AssertionError):
    """A mistake of a recipe: a step needs what only a later stage makes, or steps need each other in a circle."""


def in_order(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps in an order in which each need is made before it is used.

    A need that no step makes is there already. A step that ``waits`` goes to the stage of what it needs; no other one
    is moved to another stage. Raises UnorderedSteps.
    """
    makers: dict[Ref, list[int]] = defaultdict(list)
    for number, step in enumerate(steps):
        for ref in step.makes:
            makers[ref].append(number)
    steps = _in_stages(steps, makers)
    ordered: list[Step] = []
    placed: set[int] = set()
    for stage in Stage:
        waiting = [number for number, step in enumerate(steps) if step.stage is stage]
        while waiting:
            ready = next((number for number in waiting if _needed(steps[number], number, makers) <= placed), None)
            if ready is None:
                stuck = "; ".join(steps[number].purpose for number in waiting)
                raise UnorderedSteps(f"{stage.value}: {stuck}")
            waiting.remove(ready)
            placed.add(ready)
            ordered.append(steps[ready])
    return tuple(ordered)


def _in_stages(steps: tuple[Step, ...], makers: dict[Ref, list[int]]) -> tuple[Step, ...]:
    """The steps with those that wait in the stage of the last one that makes what they need."""
    stages = [step.stage for step in steps]
    waiting = {number: _needed(step, number, makers) for number, step in enumerate(steps) if step.waits}
    moved = True
    while moved:
        moved = False
        for number, needed in waiting.items():
            last = max((stages[each] for each in needed), key=lambda each: each.number, default=stages[number])
            if last.number > stages[number].number:
                stages[number], moved = last, True
    return tuple(
        step if step.stage is stage else replace(step, stage=stage) for step, stage in zip(steps, stages, strict=True)
    )


def _needed(step: Step, number: int, makers: dict[Ref, list[int]]) -> set[int]:
    return {maker for ref in step.needs for maker in makers.get(ref, ()) if maker != number}
