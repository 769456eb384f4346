"""One question to a person: ranked suggestions to choose from by number, a value of one's own, or leave it."""

import json
from typing import TextIO

from generator.model.answers import Question, QuestionKind
from generator.render.paint import Paint

_OWN = {
    QuestionKind.BACKFILL: ("backfill", "value", "an SQL expression over the row"),
    QuestionKind.CONVERT: ("convert", "using", "an SQL expression that makes the new value"),
}
"""Where a value of one's own makes sense: its section and key in the answers file, and what it is."""


def put(question: Question, paint: Paint, *, read: TextIO, write: TextIO) -> str | None:
    """Ask until there is an answer: its lines for the answers file, or None where the person leaves."""
    write.write(shown(question, paint) + "\n")
    choices = [str(number) for number in range(1, len(question.suggestions) + 1)]
    own = "o" if question.kind in _OWN else ""
    while True:
        offered = _offered(choices, own)
        write.write(paint.style(f"{offered}, q to leave: ", "bold"))
        write.flush()
        line = read.readline()
        word = line.strip().lower()
        if not line or word in ("q", "quit"):
            if not line:
                write.write("\n")
            return None
        if word in choices:
            chosen = question.suggestions[int(word) - 1]
            if not chosen.lines.strip():
                write.write(paint.wrap(f"That is done in the schema: {chosen.label}.") + "\n")
                return None
            return chosen.lines
        if own and word == own:
            value = _own_value(question, paint, read=read, write=write)
            if value:
                return value
        else:
            write.write(paint.plain(f"“{word}” is none of these.\n") if word else "")


def shown(question: Question, paint: Paint) -> str:
    """The question, why it is asked, and its suggestions with the lines that each stands for."""
    parts = [
        paint.style(paint.wrap(question.text), "bold"),
        paint.wrap(question.because, first="  ", then="  "),
    ]
    for number, suggestion in enumerate(question.suggestions, start=1):
        parts.append(paint.wrap(suggestion.label, first=f"  {number}. ", then="     "))
        for line in suggestion.lines.strip().splitlines():
            parts.append(paint.style(paint.plain(f"       {line}".rstrip()), "dim"))
    return "\n".join(parts)


def own_lines(question: Question, value: str) -> str:
    """The lines that give a value of one's own. JSON's strings are TOML's."""
    section, key, _ = _OWN[question.kind]
    return f"[{section}.{_quoted(question.key)}]\n{key} = {_quoted(value)}\n"


def _own_value(question: Question, paint: Paint, *, read: TextIO, write: TextIO) -> str | None:
    _, key, what = _OWN[question.kind]
    write.write(paint.style(f"{key} for {paint.plain(question.key)}, {what} (empty to go back): ", "bold"))
    write.flush()
    value = read.readline().strip()
    return own_lines(question, value) if value else None


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _offered(choices: list[str], own: str) -> str:
    numbers = "" if not choices else choices[0] if len(choices) == 1 else f"{choices[0]} to {choices[-1]}"
    return ", ".join(part for part in (numbers, f"{own} for your own value" if own else "") if part)
