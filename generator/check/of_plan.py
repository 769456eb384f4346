"""What a plan, and what stands in the way of one, has to tell."""

from generator.check.judge import Judge
from generator.model.answers import Answers, QuestionKind, key_of
from generator.model.check import StageInBrief
from generator.model.hazards import CODE_OF_CONSENT
from generator.model.plan import Plan, Step
from generator.model.proof import Proof
from generator.model.schema import QName
from generator.pipeline import Outcome
from generator.render.stages import in_words, losses_of, statements_of


def judge_outcome(judge: Judge, outcome: Outcome, answers: Answers) -> tuple[str, ...]:
    """Findings of all that the pipeline told; sentences about what is as it should be.

    ``answers`` are those that were planned with.
    """
    for refusal in outcome.refusals:
        judge.find(
            "change-refused",
            f"{refusal.what.rstrip('.')}: {refusal.because.rstrip('.')}.",
            effect="No migration is written for it, and so none for the whole change.",
            way_out=refusal.way_out,
            about=_named(refusal.what),
        )
    for question in outcome.questions:
        lines = question.suggestions[0].lines if question.suggestions else ""
        judge.find(
            "question-open",
            question.text,
            effect=f"Nothing is written before it is answered: {question.because.rstrip('.')}.",
            way_out=f"Put into the answers file, if it is right:\n{lines}" if lines else "Answer it in the schema.",
            about=question.key,
        )
    if outcome.plan is None:
        return ()
    _judge_plan(judge, outcome.plan)
    _judge_losses(judge, outcome.plan, answers)
    return _judge_proof(judge, outcome.plan, outcome.proof)


def in_brief(plan: Plan) -> tuple[StageInBrief, ...]:
    """The staged form of the change: what each stage does."""
    return tuple(
        StageInBrief(
            stage=words.stage,
            steps=tuple(step.purpose for step in plan.steps_of(words.stage)),
            waits=words.wait.words,
        )
        for words in in_words(plan)
    )


def _judge_plan(judge: Judge, plan: Plan) -> None:
    for sentence in plan.inferred:
        judge.find(
            "match-inferred",
            sentence,
            effect="Where it is wrong, rows are linked to others than meant, or the back-fill stops.",
            way_out="Confirm it, or say in the answers file how rows are matched.",
            about=sentence.split(" ", 1)[0],
        )
    for step in plan.steps:
        _judge_step(judge, step)
    _judge_locks(judge, plan)
    for words in in_words(plan):
        if words.losses:
            judge.find(
                "no-way-back",
                f"The rollback of {words.stage} is {words.way_back_words}: {'; '.join(words.losses)}.",
                effect="What is named is not brought back by the rollback.",
                way_out="Be sure before the stage is run, or keep a backup of it.",
                about=next(
                    (_about(step) for step in plan.steps_of(words.stage) if losses_of(step) and _about(step)), ""
                ),
            )


def _judge_step(judge: Judge, step: Step) -> None:
    keys = {CODE_OF_CONSENT[consent.kind]: consent.key for consent in step.consents}
    for hazard in dict.fromkeys(step.hazards):
        about = keys.get(hazard.code, _about(step))
        small = hazard.code == "long-lock" and about in judge.policy.small
        judge.find(hazard.code, hazard.what, effect=hazard.effect, way_out=hazard.way_out, about=about, small=small)


def _judge_losses(judge: Judge, plan: Plan, answers: Answers) -> None:
    """What somebody has accepted to lose: of a step that says so, or a column or table that goes."""
    told = set()
    for step in plan.steps:
        for consent in step.consents:
            if consent.kind is QuestionKind.LOSES and consent.key not in told:
                told.add(consent.key)
                _lost(judge, consent.key, consent.what, consent.because)
    for key in sorted(answers.loses - told):
        what = next((change for change in plan.changes if key in change), None)
        if what is not None:
            _lost(judge, key, f"{what}.", "Its values are gone for good after cleanup.")


def _lost(judge: Judge, key: str, what: str, effect: str) -> None:
    judge.find(
        CODE_OF_CONSENT[QuestionKind.LOSES],
        what,
        effect=effect,
        way_out="Keep a backup of it. It was accepted under [accept] in the answers.",
        about=key,
    )


def _judge_locks(judge: Judge, plan: Plan) -> None:
    for step in plan.steps:
        for statement in statements_of(step):
            for lock in statement.locks:
                most = judge.policy.strongest(key_of(lock.table))
                if most is not None and lock.mode.strength > most.strength:
                    judge.find(
                        "lock-too-strong",
                        f"{lock.table} is locked {lock.mode.value} in {step.stage}; "
                        f"{judge.policy.file} allows at most {most.value}.",
                        effect=f"{step.purpose}",
                        way_out="Split the change, allow the lock under [locks], or set this aside with a reason.",
                        about=key_of(lock.table),
                    )


def _judge_proof(judge: Judge, plan: Plan, proof: Proof | None) -> tuple[str, ...]:
    if proof is None:
        judge.find(
            "not-proved",
            "The plan was not run (--no-proof).",
            effect="Whether the scripts do what they say is not known.",
            way_out="Leave --no-proof out.",
        )
        return ()
    for finding in proof.findings:
        judge.find(
            "proof-failed",
            f"{finding.check}, in {finding.where}: expected {finding.expected}; seen {finding.seen}.",
            effect="The migration would not do what it says.",
            way_out="Please report this with the two schemas.",
        )
    if not proof.holds:
        return ()
    checks = sum(count for _, count in proof.checks)
    stages = ", ".join(plan.stages)
    return (
        f"The migration ({stages}) was run on PostgreSQL {proof.server_version} and holds:"
        f" {checks} checks, {proof.rows}.",
    )


def _named(sentence: str) -> str:
    """The table or column with which a sentence begins (``orders.note: …``); empty where it begins otherwise."""
    name, colon, _ = sentence.partition(":")
    return name if colon and " " not in name else ""


def _about(step: Step) -> str:
    """The table or column that a step is about, as a key."""
    for ref in step.makes:
        if ref.of.name:
            table = QName(ref.of.schema or "public", ref.of.name)
            return key_of(table, ref.name) if ref.name else key_of(table)
    return ""
