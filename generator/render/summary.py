"""What the terminal says at the end: what changes, in which stages, what they lock, and what was proved."""

from collections.abc import Iterable, Iterator

from generator.model.answers import Refusal
from generator.model.plan import Plan
from generator.model.proof import Finding, Proof
from generator.model.usage import Certainty, Usage
from generator.render.grouping import grouped_holds, grouped_losses
from generator.render.paint import Paint
from generator.render.stages import StageWords, Wait, WayBack, in_words

_COLOURS = {WayBack.FREE: "green", WayBack.LOSSY: "yellow", WayBack.IMPOSSIBLE: "red"}
_MOST_CHANGES = 30
_MOST_NAMES = 4
_MOST_LOSSES = 4
_MOST_NOTES = 8
_MOST_USAGES = 12


def render_summary(plan: Plan, proof: Proof | None, paint: Paint, usages: tuple[Usage, ...] | None = None) -> str:
    """All of it, without what was written where (which only the command knows). Ends with a newline."""
    parts = [
        _list("What changes", _shortened(plan.changes, _MOST_CHANGES), paint),
        _list("Inferred: please confirm", plan.inferred, paint, mark="?", colour="yellow"),
        _stages(in_words(plan), paint),
        "\n".join(_hazards(plan, paint)),
        _usages(usages, paint),
        _list("Stood in for, on the scratch server", plan.stood_in, paint),
        proof_line(proof, paint),
        *(_finding(finding, paint) for finding in (proof.findings if proof else ())),
        _list("What the proof noticed", _shortened(proof.notes if proof else (), _MOST_NOTES), paint),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def render_refusals(refusals: tuple[Refusal, ...], paint: Paint) -> str:
    """What is not written, why, and what to do instead."""
    lines = [paint.style("Refused, and nothing written:", "bold", "red")]
    for refusal in refusals:
        lines.append(paint.wrap(f"{refusal.what}: {refusal.because}.", first="  ✗ ", then="    "))
        lines.append(paint.wrap(refusal.way_out, first="    → ", then="      "))
    return "\n".join(lines) + "\n"


def proof_line(proof: Proof | None, paint: Paint) -> str:
    """``Proved on PostgreSQL 18.6 in 0.4 s``, or that it was not, or that it failed; the review lists the checks."""
    if proof is None:
        return paint.style("Not proved", "bold", "yellow") + " (--no-proof): no server has run these scripts."
    took = f"on PostgreSQL {proof.server_version} in {proof.seconds:.1f} s"
    if not proof.holds:
        what = "1 thing is" if len(proof.findings) == 1 else f"{len(proof.findings)} things are"
        return paint.style(paint.plain(f"✗ The proof failed {took}:"), "bold", "red") + f" {what} not as planned."
    checks = sum(count for _, count in proof.checks)
    said = paint.wrap(f"{checks} checks; {proof.rows}", first="  ", then="  ")
    return paint.style(paint.plain(f"✓ Proved {took}"), "bold", "green") + "\n" + said


def _shortened(texts: tuple[str, ...], most: int) -> tuple[str, ...]:
    return texts if len(texts) <= most else (*texts[:most], f"… and {len(texts) - most} more")


def _list(title: str, texts: Iterable[str], paint: Paint, *, mark: str = "·", colour: str = "") -> str:
    lines = [paint.wrap(text, first=f"  {mark} ", then="    ") for text in texts]
    styles = ("bold", colour) if colour else ("bold",)
    return "\n".join([paint.style(title, *styles), *lines]) if lines else ""


def _stages(stages: tuple[StageWords, ...], paint: Paint) -> str:
    if not stages:
        return ""
    lines = [paint.style("Stages", "bold")]
    for words in stages:
        name = f"{words.stage.number} {words.stage}"
        lines.append(f"  {paint.style(f'{name:<12}', 'cyan')}{_first_line(words, paint)}")
        lines += [paint.wrap(text, first=" " * 14, then=" " * 16) for text in _locks(words)[1:]]
        lines.append(_way_back(words, paint))
    return "\n".join(lines)


def _first_line(words: StageWords, paint: Paint) -> str:
    return paint.wrap(_locks(words)[0], first=" " * 14, then=" " * 16).lstrip()


def _locks(words: StageWords) -> tuple[str, ...]:
    """The tables for which the application may wait; one line that says so where there is none."""
    felt = grouped_holds((hold for hold in words.holds if hold.wait is not Wait.NONE), _MOST_NAMES)
    return felt or ("no lock that the application feels",)


def _way_back(words: StageWords, paint: Paint) -> str:
    """One paragraph; the class of the rollback is coloured after the text has been filled, so that widths are right."""
    losses = _shortened(grouped_losses(words.losses, _MOST_NAMES), _MOST_LOSSES)
    text = f"rollback: {words.way_back_words}" + (f" ({'; '.join(losses)})" if losses else "")
    filled = paint.wrap(text, first=" " * 14, then=" " * 16)
    return filled.replace(words.way_back_words, paint.style(words.way_back_words, _COLOURS[words.way_back]), 1)


def _usages(usages: tuple[Usage, ...] | None, paint: Paint) -> str:
    """The places in the code; that there are none, where code was named."""
    if usages is None:
        return ""
    if not usages:
        return paint.style("In the code", "bold") + ": nothing was found that uses what changes."
    told = tuple(
        f"{usage.file}:{usage.line}: {usage.what}{' (likely)' if usage.certainty is Certainty.LIKELY else ''}"
        for usage in usages
    )
    return _list("What breaks in the code", _shortened(told, _MOST_USAGES), paint)


def _hazards(plan: Plan, paint: Paint) -> Iterator[str]:
    hazards = tuple(dict.fromkeys(hazard for step in plan.steps for hazard in step.hazards))
    if hazards:
        yield paint.style("Mind", "bold", "yellow")
    for hazard in hazards:
        yield paint.wrap(f"{hazard.what} {hazard.effect}", first="  ! ", then="    ")
        yield paint.wrap(hazard.way_out, first="    → ", then="      ")


_LINES_OF_A_TEXT = 12


def _beginning(text: str) -> str:
    """A script's statement may be as long as a back-fill: here its first lines tell enough."""
    lines = text.splitlines()
    if len(lines) <= _LINES_OF_A_TEXT:
        return text
    return "\n".join((*lines[:_LINES_OF_A_TEXT], f"… ({len(lines) - _LINES_OF_A_TEXT} more lines)"))


def _finding(finding: Finding, paint: Paint) -> str:
    lines = [paint.style(paint.plain(f"  {finding.check}, in {finding.where}"), "bold")]
    for title, text in (("statement", finding.statement), ("expected", finding.expected), ("seen", finding.seen)):
        if text:
            lines.append(paint.wrap(_beginning(text), first=f"    {title + ':':<11}", then=" " * 15))
    return "\n".join(lines)
