"""The picture as a Mermaid diagram: what GitHub and GitLab draw inside a comment, where no file is seen."""

import re

from generator.model.schema import QName
from generator.render.review.picture import Box, Mark, Picture, Row

_MOST_BOXES = 14
_WORDS = {Mark.ADDED: "NEW", Mark.DROPPED: "GOES", Mark.SAME: ""}


def mermaid(picture: Picture) -> str:
    """The text of an ``erDiagram``; empty where there is nothing to draw, or too much to be read."""
    if not picture.boxes or len(picture.boxes) > _MOST_BOXES:
        return ""
    lines = ["erDiagram"]
    for link in picture.links:
        label = {Mark.ADDED: "NEW: ", Mark.DROPPED: "GOES: ", Mark.CHANGED: "CHANGES: "}.get(link.mark, "") + link.row
        arrow = "}o..||" if link.mark is Mark.DROPPED else "}o--||"
        lines.append(f"    {_name(link.child)} {arrow} {_name(link.parent)} : {_quoted(label)}")
    for box in picture.boxes:
        lines.append(f"    {_name(box.table)} {{")
        lines += [f"        {_row(row)}" for row in box.rows if row.column]
        lines.append("    }")
    return "\n".join(lines)


def tables_in_words(picture: Picture) -> tuple[str, ...]:
    """What the diagram cannot mark: tables that come, go or are called otherwise."""
    return tuple(text for box in picture.boxes if (text := _whole(box)))


def _whole(box: Box) -> str:
    if box.was_name:
        return f"{box.was_name} is called {box.table}"
    return {Mark.ADDED: f"{box.table} is new", Mark.DROPPED: f"{box.table} goes"}.get(box.mark, "")


def _row(row: Row) -> str:
    """Type, name and keys, and what happens to it in quotes."""
    now = row.now or row.was
    kind = now.split(" ")[0]
    word = _WORDS.get(row.mark, "")
    if row.mark is Mark.CHANGED:
        word = f"WAS {row.was_name or ''} {row.was}".replace("  ", " ")
    keys = ", ".join(key for key, sign in (("PK", " PK"), ("FK", " FK"), ("UK", " UNIQUE")) if sign in f" {now}")
    required = "NOT NULL" if "NOT NULL" in now else ""
    comment = ", ".join(each for each in (required, word) if each)
    return " ".join(each for each in (_word(kind), _word(row.name), keys, _quoted(comment) if comment else "") if each)


def _word(text: str) -> str:
    """What Mermaid takes as a type or a name: letters, digits, brackets and lines."""
    word = re.sub(r"[^A-Za-z0-9_\-\[\]()]+", "_", text).strip("_") or "_"
    return word if word[0].isalpha() else f"x{word}"


def _name(table: QName) -> str:
    return _quoted(str(table))


def _quoted(text: str) -> str:
    return '"' + re.sub(r'["\\%\n]', "'", text) + '"'
