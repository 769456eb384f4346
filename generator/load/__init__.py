"""Sources become values: models, SQL files and URLs to Declared, answers files to Answers."""

from generator.load.answers_edit import add_answers
from generator.load.answers_file import merge, read_answers
from generator.load.narrowing import narrow
from generator.load.source import Loading, is_live, start

__all__ = ["Loading", "add_answers", "is_live", "merge", "narrow", "read_answers", "start"]
