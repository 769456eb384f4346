"""Where the application's code uses what a migration renames, drops, retypes or makes required."""

from generator.usage.affected import Affected, affected_by
from generator.usage.find import find_usages

__all__ = ["Affected", "affected_by", "find_usages"]
