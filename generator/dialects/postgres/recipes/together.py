"""Steps that have to happen at one moment: made one step, whose statements run in one transaction."""

from collections.abc import Iterable, Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.recipes.context import Context
from generator.diff.replaced import name_of
from generator.model import change as c
from generator.model.answers import Question, Refusal
from generator.model.plan import Action, Ref, Stage, Step, Undo


def in_one_transaction(
    found: Iterable[Step | Refusal | Question], context: Context
) -> Iterator[Step | Refusal | Question]:
    """At contract a replaced type and every column of it change names together.

    In between a parameter that is cast to the type by its name would not fit the column.
    """
    groups = {ref: name for change in context.types.changes for ref, name in _swaps(change, context)}
    waiting: dict[object, list[Step]] = {}
    for each in found:
        group = _group(each, groups) if isinstance(each, Step) else None
        if group is None:
            yield each
        else:
            assert isinstance(each, Step)
            waiting.setdefault(group, []).append(each)
    for steps in waiting.values():
        # The type comes last, and goes back first: until then all that is made speaks of it by its other name.
        steps.sort(key=lambda step: (any(ref.kind == "type replaced" for ref in step.makes), step.purpose))
        yield _joined(steps)


def _swaps(change: c.TypeReplaced, context: Context) -> Iterator[tuple[Ref, object]]:
    name = name_of(change)
    yield Ref(kind="type replaced", of=name), name
    for each in context.changes:
        if isinstance(each, c.ColumnTypeChanged) and all(
            context.types.of(column.type) is change for column in (each.old, each.new)
        ):
            yield Ref(kind="gone", of=each.table, name=each.new.name), name


def _group(step: Step, groups: dict[Ref, object]) -> object:
    if step.stage is not Stage.CONTRACT:
        return None
    return next((groups[ref] for ref in step.makes if ref in groups), None)


def _joined(steps: list[Step]) -> Step:
    """One step of several, each of which has one action, and one that undoes it."""
    if len(steps) == 1:
        return steps[0]
    makes = tuple(dict.fromkeys(ref for step in steps for ref in step.makes))
    needs = tuple(dict.fromkeys(ref for step in steps for ref in step.needs if ref not in makes))
    undos = [step.undo for step in steps if isinstance(step.undo, Undo)]
    assert len(undos) == len(steps), "every swap can be taken back"
    return Step(
        stage=steps[0].stage,
        purpose=" ".join(step.purpose for step in reversed(steps)),
        run=(_one(action for step in steps for action in step.run),),
        undo=Undo(
            actions=(_one(action for undo in reversed(undos) for action in undo.actions),),
            loses="; ".join(dict.fromkeys(undo.loses for undo in undos if undo.loses)),
        ),
        makes=makes,
        needs=needs,
        hazards=tuple(dict.fromkeys(hazard for step in steps for hazard in step.hazards)),
        consents=tuple(dict.fromkeys(consent for step in steps for consent in step.consents)),
    )


def _one(actions: Iterable[Action]) -> Action:
    listed = tuple(actions)
    return Action(
        statements=tuple(statement for action in listed for statement in action.statements),
        done=probes.both(*(action.done for action in listed)),
        refuse=tuple(refuse for action in listed for refuse in action.refuse),
    )
