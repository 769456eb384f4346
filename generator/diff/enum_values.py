"""An enum whose values are not only more than they were: what becomes of those that are gone."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from generator.diff.found import Found
from generator.diff.keys import means, toml
from generator.diff.pair import Pair
from generator.errors import BadInput
from generator.model.answers import EnumValues, Question, QuestionKind, Refusal, Suggestion, key_of
from generator.model.change import EnumValueAdded, TypeReplaced
from generator.model.schema import EnumType


def replace_enum(old: EnumType, new: EnumType, pair: Pair) -> Iterator[Found]:
    """Values are gone or stand in another order, which PostgreSQL cannot alter: a new type takes the place of this one.

    Until then the old type takes the new values as well, so that both versions of the application can write theirs.
    """
    key = key_of(new.name)
    gone = [value for value in old.values if value not in new.values]
    come = [value for value in new.values if value not in old.values]
    answer = _answer(key, old, new, pair)
    if not set(old.values) & set(new.values) and not answer.map and not come:
        yield Refusal(
            what=f"The enum {new.name} loses all of its values.",
            because="No row could have a value of it any more.",
            way_out="Drop the columns of it and the enum, or keep a value.",
        )
        return
    unsaid = [value for value in gone if value not in answer.map and value not in answer.gone]
    if unsaid and come:
        yield _renamed(key, unsaid, come)
    for value in come:
        yield EnumValueAdded(enum=new.name, value=value, before=None)
    yield TypeReplaced(old=old, new=new, values=tuple(sorted(answer.map.items())))


def _answer(key: str, old: EnumType, new: EnumType, pair: Pair) -> EnumValues:
    answer = next((each for written, each in pair.answers.enums.items() if means(key, (written,))), EnumValues())
    where = next((origin for written, origin in pair.answers.origin.items() if means(key, (written,))), "")
    said = f"{where + ': ' if where else ''}the enum {key}"
    for value in (*answer.map, *answer.gone):
        if value in new.values:
            raise BadInput(f"{said} still has the value {value}.", "Say only what becomes of values that are gone.")
    for value in answer.map.values():
        if value not in new.values:
            raise BadInput(f"{said} will have no value {value}.", f"It will have {', '.join(new.values)}.")
    # What is said of values that are long gone was for a migration before this one.
    return EnumValues(
        map={value: after for value, after in answer.map.items() if value in old.values},
        gone=tuple(value for value in answer.gone if value in old.values),
    )


def _renamed(key: str, gone: list[str], come: list[str]) -> Question:
    best = dict(_likely(gone, come))
    listed = ", ".join(f"{toml(old)} = {toml(new)}" for old, new in best.items())
    rest = [value for value in gone if value not in best]
    more = f"\ngone = [{', '.join(map(toml, rest))}]" if rest else ""
    renamed = " and ".join(f"{old} was renamed to {new}" for old, new in best.items())
    return Question(
        kind=QuestionKind.ENUM,
        key=key,
        text=f"The enum {key} loses {', '.join(gone)} and gets {', '.join(come)}. Was it renamed?",
        because="Only you know what a row that has the one value is to have afterwards.",
        suggestions=(
            Suggestion(label=renamed, lines=f"[enum.{toml(key)}]\nmap = {{ {listed} }}{more}"),
            Suggestion(
                label=f"not a rename: no row has {' or '.join(gone)}, and the migration stops if it finds one",
                lines=f"[enum.{toml(key)}]\ngone = [{', '.join(map(toml, gone))}]",
            ),
        ),
    )


def _likely(gone: list[str], come: list[str]) -> Iterator[tuple[str, str]]:
    """Each value that is gone with the new one that is most like it, none of them twice."""
    left = list(come)
    for value in gone:
        if left:
            nearest = max(left, key=lambda each: SequenceMatcher(None, value, each).ratio())
            left.remove(nearest)
            yield value, nearest
