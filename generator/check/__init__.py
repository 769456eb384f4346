"""The check: what a change, its migrations, a live database or any script would do, and what of it must not pass."""

from generator.check.conduct import CheckResult, check
from generator.check.request import CheckRequest

__all__ = ["CheckRequest", "CheckResult", "check"]
