"""The question whether what is gone was renamed, of columns and of tables."""

from collections.abc import Mapping, Sequence

from generator.diff.keys import toml
from generator.model.answers import Question, QuestionKind, Suggestion

Scores = Mapping[str, Mapping[str, float]]
"""How like each thing that is gone is to each that is new and that it may have become; by the keys of answers."""


def rename_questions(scores: Scores, *, kind: str, because: str, content: str) -> dict[str, Question]:
    """A question for each thing that is gone and may have become another.

    The first suggestions of all of them go together: none but the likest comes first for what is new, and where
    nothing is left, ``not a rename`` does. ``content`` is what goes with a thing that is dropped: ``its values``.
    """
    best = _one_each(scores)
    return {
        key: Question(
            kind=QuestionKind.RENAME,
            key=key,
            text=f"{kind}{key} is gone, and new: {', '.join(_ranked(found))}. Was it renamed?",
            because=because,
            suggestions=tuple(_suggestions(key, _ranked(found), best.get(key), content)),
        )
        for key, found in scores.items()
        if found
    }


def _suggestions(key: str, likely: Sequence[str], best: str | None, content: str) -> list[Suggestion]:
    listed = ", ".join(toml(other) for other in likely)
    apart = Suggestion(
        label=f"not a rename: drop {key} with {content}, add {' and '.join(likely)}",
        lines=f"[apart]\n{toml(key)} = [{listed}]\n\n[accept]\nloses = [{toml(key)}]",
    )
    renames = [
        Suggestion(label=f"{key} was renamed to {other}", lines=f"[rename]\n{toml(key)} = {toml(other)}")
        for other in sorted(likely, key=lambda each: each != best)
    ]
    return [apart, *renames] if best is None else [*renames, apart]


def _ranked(found: Mapping[str, float]) -> list[str]:
    return sorted(found, key=lambda name: (-found[name], name))


def _one_each(scores: Scores) -> dict[str, str]:
    """What each most likely became, none of them twice."""
    pairs = sorted(((-score, old, new) for old, found in scores.items() for new, score in found.items()))
    best: dict[str, str] = {}
    for _, old, new in pairs:
        if old not in best and new not in best.values():
            best[old] = new
    return best
