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
    needed = dict.fromkeys(consent for step in plan.steps for consent in step.consents)
    return tuple(_question(consent) for consent in needed if consent.key not in accepted[consent.kind])


def _question(consent: Consent) -> Question:
    quoted = consent.key.replace("\\", "\\\\").replace('"', '\\"')
    line = f'[accept]\n{consent.kind.value} = ["{quoted}"]'
    return Question(
        kind=consent.kind,
        key=consent.key,
        text=consent.what,
        because=consent.because,
        suggestions=(Suggestion(label="Accept it", lines=line),),
    )
