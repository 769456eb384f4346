"""Sources become values: models, SQL files and URLs to Declared, answers files to Answers."""

from generator.load.answers_edit import add_answers
from generator.load.answers_file import merge, read_answers
from generator.load.drizzle.deltas import drizzle_state
from generator.load.drizzle.folder import read_folder as read_drizzle_folder
from generator.load.narrowing import narrow
from generator.load.owners import all_owner_statements, owner_statements
from generator.load.releases import for_release
from generator.load.roles import role_notes
from generator.load.source import Loading, is_live, start

__all__ = [
    "Loading",
    "add_answers",
    "all_owner_statements",
    "drizzle_state",
    "for_release",
    "is_live",
    "merge",
    "narrow",
    "owner_statements",
    "read_answers",
    "read_drizzle_folder",
    "role_notes",
    "start",
]
