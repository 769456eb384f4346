"""What must be accepted by name is asked for until it is."""

from generator.model.answers import Answers, QuestionKind
from generator.model.plan import Consent, NothingToUndo, Plan, Stage, Step
from generator.plan.consents import open_consents


def plan_that_locks(key: str) -> Plan:
    consent = Consent(kind=QuestionKind.LOCKS, key=key, what="It rewrites the table.", because="There is no other way.")
    step = Step(stage=Stage.EXPAND, purpose="", run=(), undo=NothingToUndo(because=""), consents=(consent,))
    return Plan(old_digest="", new_digest="", version=18, steps=(step, step))


def test_a_lock_that_nobody_accepted_is_one_question_with_the_line_that_accepts_it() -> None:
    (question,) = open_consents(plan_that_locks("orders"), Answers())
    assert question.kind is QuestionKind.LOCKS
    assert question.suggestions[0].lines == '[accept]\nlocks = ["orders"]'


def test_a_key_with_quotes_stays_valid_toml() -> None:
    import tomllib

    (question,) = open_consents(plan_that_locks('"My Orders"'), Answers())
    assert tomllib.loads(question.suggestions[0].lines) == {"accept": {"locks": ['"My Orders"']}}


def test_what_is_accepted_is_not_asked() -> None:
    assert open_consents(plan_that_locks("orders"), Answers(locks=frozenset({"orders"}))) == ()


def test_accepting_a_loss_does_not_accept_a_lock() -> None:
    assert open_consents(plan_that_locks("orders"), Answers(loses=frozenset({"orders"})))
