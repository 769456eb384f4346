"""What a script destroys, or leaves undone."""

import re
from collections.abc import Sequence

from generator.check.judge import Judge
from generator.check.pieces import Script, last_line
from generator.model.answers import Question, QuestionKind
from generator.model.check import Place


def judge_losses(judge: Judge, script: Script, questions: Sequence[Question]) -> None:
    """What goes with the change that a script makes: columns and tables, which nobody has accepted to lose."""
    for question in questions:
        if question.kind is not QuestionKind.LOSES:
            continue
        word = question.key.rpartition(".")[2].strip('"')
        drops = [
            piece
            for piece in script.pieces
            if re.search(rf"\bdrop\b.*(?<!\w){re.escape(word)}(?!\w)", piece.sql, re.IGNORECASE | re.DOTALL)
        ]
        lines = (drops[-1].line, last_line(drops[-1])) if drops else (1, 1)
        judge_loss(judge, script, f"{question.key} goes, with its values.", question.key, lines)


def judge_loss(judge: Judge, script: Script, message: str, about: str, lines: tuple[int, int]) -> None:
    """Values that are gone once the script has run."""
    judge.find(
        "script-loses-data",
        message,
        effect="No rollback brings it back.",
        way_out="Take the staged form, which keeps it aside until cleanup, or back it up and set this aside here.",
        where=Place(file=str(script.file), line=lines[0], end_line=lines[1], object=about),
        about=about,
    )


def judge_unfinished(judge: Judge, script: Script) -> None:
    """A script that ends inside of its own transaction."""
    judge.find(
        "migration-fails",
        "The script ends inside of a transaction that it began.",
        effect="Nothing of what it did in there stays.",
        way_out="End it with COMMIT.",
        where=Place(file=str(script.file), line=last_line(script.pieces[-1]), end_line=last_line(script.pieces[-1])),
    )
