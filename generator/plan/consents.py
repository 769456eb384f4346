"""What a plan may do only if somebody has accepted it by name."""

from generator.model.answers import Answers, Question, QuestionKind, Suggestion
from generator.model.plan import Consent, Plan


def open_consents(plan: Plan, answers: Answers) -> tuple[Question, ...]:
    """A question for each consent that the plan needs and the answers do not give."""
    accepted = {
        QuestionKind.LOSES: answers.loses,
        QuestionKind.LOCKS: answers.locks,
        QuestionKind.BREAKS: answers.breaks,
    }
    needed: dict[tuple[QuestionKind, str], list[Consent]] = {}
    for consent in dict.fromkeys(consent for step in plan.steps for consent in step.consents):
        if consent.key not in accepted[consent.kind]:
            needed.setdefault((consent.kind, consent.key), []).append(consent)
    return tuple(_question(*consents) for consents in needed.values())


def _question(consent: Consent, *more: Consent) -> Question:
    """One question for one name, whatever it has to be accepted for."""
    quoted = consent.key.replace("\\", "\\\\").replace('"', '\\"')
    line = f'[accept]\n{consent.kind.value} = ["{quoted}"]'
    return Question(
        kind=consent.kind,
        key=consent.key,
        text=" ".join(dict.fromkeys(each.what for each in (consent, *more))),
        because=" ".join(dict.fromkeys(each.because for each in (consent, *more))),
        suggestions=(Suggestion(label="Accept it", lines=line),),
    )
