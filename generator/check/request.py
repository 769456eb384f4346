"""What is to be checked, and by which policy."""

from dataclasses import dataclass
from pathlib import Path

from generator.model.policy import Policy
from generator.pipeline import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """``request`` names the two schemas, as for a migration; ``script`` is checked instead of a change, where given.

    ``one_transaction`` has the script run in one, as many runners do it. ``new_known`` is false where only a script
    and the schema that it starts from were given: then ``request.new`` is the old one again. ``command`` is the command
    that writes the migration, where it is known. ``migrations`` are files or folders that should lead from OLD to NEW.
    ``database`` is the URL of a live one.
    """

    request: Request
    policy: Policy
    script: Path | None = None
    one_transaction: bool = False
    new_known: bool = True
    command: str = ""
    migrations: tuple[Path, ...] = ()
    database: str | None = None
