"""A plan does not depend on the order of its changes, but for the values of one enum."""

from collections.abc import Iterable
from itertools import permutations

from generator.model.answers import Answers
from generator.model.change import Change, EnumValueAdded, NamespaceAdded
from generator.model.diff import Diff
from generator.model.facts import Facts
from generator.model.plan import NothingToUndo, Plan, Stage, Step
from generator.model.schema import Namespace, QName, Schema
from generator.plan.describe import describe
from generator.plan.planner import make_plan


class OneStepEach:
    """A dialect whose every change is one step."""

    def steps(self, changes: tuple[Change, ...], *_: object) -> Iterable[Step]:
        for change in changes:
            undo = NothingToUndo(because="it is a test")
            yield Step(stage=Stage.EXPAND, purpose=describe(change), run=(), undo=undo)


def planned(*changes: Change) -> Plan:
    return make_plan(Diff(changes=changes), Schema(), Schema(), Answers(), Facts(version=18), OneStepEach())


def test_any_order_of_the_changes_gives_the_same_plan() -> None:
    changes: list[Change] = [NamespaceAdded(namespace=Namespace(name=name)) for name in "bca"]
    changes.append(EnumValueAdded(enum=QName("public", "mood"), value="ok", before=None))
    assert len({planned(*order) for order in permutations(changes)}) == 1


def test_the_values_of_an_enum_stay_in_their_order() -> None:
    values = [EnumValueAdded(enum=QName("public", "mood"), value=value, before="z") for value in ("m", "a")]
    assert [step.purpose for step in planned(*values).steps] == [describe(value) for value in values]
