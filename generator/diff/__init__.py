"""Compares two schemas as values, and applies changes to one. Knows no database and no file."""

from generator.diff.apply import apply
from generator.diff.compare import compare

__all__ = ["apply", "compare"]
