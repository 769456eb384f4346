"""What only a person knows about a change, beside what the comparison asked already."""

from collections.abc import Iterator

from generator.dialects.postgres.names import ident
from generator.dialects.postgres.recipes.context import Context
from generator.model import change as c
from generator.model.answers import Question, QuestionKind, Suggestion, key_of


def questions_of(change: c.Change, context: Context) -> Iterator[Question]:
    """What is open about this change; nothing where all is known."""
    if isinstance(change, c.ColumnTypeChanged):
        yield from _conversion(change, context)


def _conversion(change: c.ColumnTypeChanged, context: Context) -> Iterator[Question]:
    """How values go to the new type: asked where there is no cast, or where the cast depends on the session."""
    key = key_of(change.table, change.new.name)
    fact = context.facts.retypes[change.table, change.new.name]
    arrays = [each.type.endswith("[]") for each in (change.old, change.new)]
    if key in context.answers.conversions or (fact.casts and not fact.by_time_zone and arrays[0] == arrays[1]):
        return
    name, old, new = ident(change.new.name), change.old.type, change.new.type
    if fact.by_time_zone:
        because = "the values do not say in which time zone they are, and the session that migrates must not decide it"
        using, back = f"{name} AT TIME ZONE 'UTC'", f"{name} AT TIME ZONE 'UTC'"
        label = "They are in UTC"
    elif arrays[0] and not arrays[1]:
        because = "a list of values is not one value, and which of its elements counts is not said"
        using, back = f"{name}[1]", f"CASE WHEN {name} IS NOT NULL THEN ARRAY[{name}] END"
        label = "The first element; the migration stops at a list that has more"
    elif arrays[1] and not arrays[0]:
        because = "one value is not a list of values, and whether it becomes one element is not said"
        using, back = f"CASE WHEN {name} IS NOT NULL THEN ARRAY[{name}] END", f"{name}[1]"
        label = "The one value is the one element"
    else:
        because = f"PostgreSQL has no cast from {old} to {new}"
        using, back = f"{name}::text::{new}", f"{name}::text::{old}"
        label = "Through text"
    yield Question(
        kind=QuestionKind.CONVERT,
        key=key,
        text=f"How do the values of {change.table}.{change.new.name} go from {old} to {new}?",
        because=because,
        suggestions=(Suggestion(label=label, lines=_lines(key, using, back)),),
    )


def _lines(key: str, using: str, back: str) -> str:
    quoted = key.replace("\\", "\\\\").replace('"', '\\"')
    return f"""[convert."{quoted}"]\nusing = "{_toml(using)}"\nback = "{_toml(back)}\""""


def _toml(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
