"""The order of steps: stages never go back, and every need is made earlier."""

import pytest

from generator.model.plan import NothingToUndo, Ref, Stage, Step
from generator.model.schema import QName
from generator.plan.order import UnorderedSteps, in_order

T = QName("public", "t")


def step(purpose: str, stage: Stage, *, makes: str = "", needs: str = "", waits: bool = False) -> Step:
    return Step(
        stage=stage,
        purpose=purpose,
        run=(),
        undo=NothingToUndo(because="it is a test"),
        makes=tuple(Ref(kind="column", of=T, name=name) for name in makes.split()),
        needs=tuple(Ref(kind="column", of=T, name=name) for name in needs.split()),
        waits=waits,
    )


def purposes(*steps: Step) -> list[str]:
    return [each.purpose for each in in_order(steps)]


def test_stages_come_in_their_order() -> None:
    late = step("drop", Stage.CONTRACT)
    assert purposes(late, step("check", Stage.VALIDATE), step("add", Stage.EXPAND)) == ["add", "check", "drop"]


def test_what_is_needed_is_made_first() -> None:
    user = step("use", Stage.EXPAND, needs="a b")
    assert purposes(user, step("make b", Stage.EXPAND, makes="b"), step("make a", Stage.EXPAND, makes="a")) == [
        "make b",
        "make a",
        "use",
    ]


def test_a_need_that_nobody_makes_is_there_already() -> None:
    assert purposes(step("use", Stage.EXPAND, needs="old")) == ["use"]


def test_steps_without_needs_stay_as_they_came() -> None:
    assert purposes(*(step(name, Stage.VALIDATE) for name in "cab")) == ["c", "a", "b"]


def test_a_need_from_a_later_stage_is_an_error_and_nothing_is_moved() -> None:
    with pytest.raises(UnorderedSteps, match="use it"):
        in_order((step("use it", Stage.EXPAND, needs="a"), step("make it", Stage.VALIDATE, makes="a")))


def test_what_waits_goes_to_the_stage_of_what_it_needs_and_takes_along_what_needs_it() -> None:
    first = step("reads it", Stage.EXPAND, needs="b", waits=True)
    second = step("uses it", Stage.EXPAND, makes="b", needs="a", waits=True)
    ordered = in_order((first, second, step("make it", Stage.CONTRACT, makes="a")))
    assert [(each.purpose, each.stage) for each in ordered] == [
        ("make it", Stage.CONTRACT),
        ("uses it", Stage.CONTRACT),
        ("reads it", Stage.CONTRACT),
    ]


def test_a_circle_of_needs_is_an_error() -> None:
    with pytest.raises(UnorderedSteps):
        in_order((step("x", Stage.EXPAND, makes="x", needs="y"), step("y", Stage.EXPAND, makes="y", needs="x")))
