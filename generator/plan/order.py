"""The order of steps: by stage, then by what each needs and makes, then as they came."""

from collections import defaultdict

from generator.model.plan import Ref, Stage, Step


class UnorderedSteps(AssertionError):
    """A mistake of a recipe: a step needs what only a later stage makes, or steps need each other in a circle."""


def in_order(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps in an order in which each need is made before it is used.

    A need that no step makes is there already. Raises UnorderedSteps; it never moves a step to another stage.
    """
    makers: dict[Ref, list[int]] = defaultdict(list)
    for number, step in enumerate(steps):
        for ref in step.makes:
            makers[ref].append(number)
    ordered: list[Step] = []
    placed: set[int] = set()
    for stage in Stage:
        waiting = [number for number, step in enumerate(steps) if step.stage is stage]
        while waiting:
            ready = next((number for number in waiting if _needed(steps[number], number, makers) <= placed), None)
            if ready is None:
                stuck = "; ".join(steps[number].purpose for number in waiting)
                raise UnorderedSteps(f"no order for the steps of {stage.value}: {stuck}")
            waiting.remove(ready)
            placed.add(ready)
            ordered.append(steps[ready])
    return tuple(ordered)


def _needed(step: Step, number: int, makers: dict[Ref, list[int]]) -> set[int]:
    return {maker for ref in step.needs for maker in makers.get(ref, ()) if maker != number}
