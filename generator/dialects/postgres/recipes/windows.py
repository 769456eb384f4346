"""What PostgreSQL can do only while the application stands still: named, and only where it is accepted."""

from dataclasses import replace

from generator.model.answers import QuestionKind, key_of
from generator.model.plan import Consent, Hazard, Pace, Step
from generator.model.schema import QName


def needs_window(step: Step, table: QName, what: str) -> Step:
    """The step, with the hazard and the consent that it needs if one of its statements scans or rewrites."""
    slow = any(statement.pace is Pace.WINDOW for each in step.run for statement in each.statements)
    if not slow:
        return step
    hazard = Hazard(
        code="long-lock",
        what=what,
        effect=f"Nobody can read or write {table} while it runs, which takes as long as its size asks for.",
        way_out=f"Run it when {table} may stand still, or keep the column plain and fill it by a trigger.",
    )
    consent = Consent(
        kind=QuestionKind.LOCKS,
        key=key_of(table),
        what=f"{what[0].upper()}{what[1:]}.",
        because="PostgreSQL has no way to do this while the application works.",
    )
    return replace(step, hazards=(*step.hazards, hazard), consents=(*step.consents, consent))


def loses(step: Step, key: str, what: str, because: str) -> Step:
    """The step, with the consent that it needs because values are gone after it."""
    return replace(
        step, consents=(*step.consents, Consent(kind=QuestionKind.LOSES, key=key, what=what, because=because))
    )


def breaks(step: Step, key: str, what: str, because: str) -> Step:
    """The step, with the consent that it needs because one version of the application stops working at it."""
    consent = Consent(kind=QuestionKind.BREAKS, key=key, what=what, because=because)
    hazard = Hazard(
        code="application-breaks", what=what, effect=because, way_out="Plan a moment at which both versions stop."
    )
    return replace(step, hazards=(*step.hazards, hazard), consents=(*step.consents, consent))
