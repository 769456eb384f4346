"""From changes to a plan. Pure: the same input gives the same plan, whatever order the changes come in."""

from hashlib import sha256

from generator.model.answers import Answers, Question, Refusal
from generator.model.change import Change, EnumValueAdded
from generator.model.diff import Diff
from generator.model.facts import Facts
from generator.model.plan import Plan, Step
from generator.model.schema import Schema
from generator.model.wire import to_json
from generator.plan.describe import describe
from generator.plan.dialect import Dialect
from generator.plan.order import UnorderedSteps, in_order
from generator.plan.rank import rank

UNORDERED = "no order was found in which each comes after what it needs"
"""Why a change is refused of which the recipes do not fit together. It is a fault of theirs, and of no schema."""


def make_plan(diff: Diff, old: Schema, new: Schema, answers: Answers, facts: Facts, dialect: Dialect) -> Plan:
    """The whole migration; with ``refusals`` or ``questions`` it has no steps."""
    changes = tuple(sorted(diff.changes, key=_key))
    steps: list[Step] = []
    refusals: list[Refusal] = list(diff.refusals)
    questions: list[Question] = list(diff.questions)
    for each in dialect.steps(changes, old, new, answers, diff.backfills, facts):
        if isinstance(each, Refusal):
            refusals.append(each)
        elif isinstance(each, Question):
            questions.append(each)
        else:
            steps.append(each)
    ordered: tuple[Step, ...] = ()
    if not refusals and not questions:
        try:
            ordered = in_order(tuple(steps))
        except UnorderedSteps as error:
            refusals.append(
                Refusal(
                    what=f"these changes together ({error})",
                    because=UNORDERED,
                    way_out="make them in two migrations, one after the other; and please report it, with both schemas",
                )
            )
    return Plan(
        old_digest=digest(old),
        new_digest=digest(new),
        version=facts.version,
        steps=ordered,
        changes=tuple(describe(change) for change in changes),
        inferred=diff.inferred,
        refusals=tuple(dict.fromkeys(refusals)),
        questions=tuple(questions),
        stood_in=facts.stood_in,
    )


def digest(schema: Schema) -> str:
    """A name for exactly this schema: SHA-256 of its JSON."""
    import json

    return sha256(json.dumps(to_json(schema), sort_keys=True).encode()).hexdigest()


def _key(change: Change) -> tuple[int, str]:
    # The values of one enum stay as they came: each is placed before one that is there by then.
    return rank(change), str(change.enum) if isinstance(change, EnumValueAdded) else describe(change)
