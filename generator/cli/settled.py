"""What the project's policy gives where the command line does not say."""

from pathlib import Path
from typing import Literal

import click

from generator.load.policy import read_policy
from generator.model.policy import Policy
from generator.model.runners import PSQL


class Settled:
    """The policy of the current folder, or of ``--config``; options of the command line come before it."""

    def __init__(self, config: Path | None) -> None:
        """Read it. Raises BadInput with file and line."""
        self.policy: Policy = read_policy(Path(), config)
        self._folder = Path(self.policy.file).parent

    def source(self, given: str | None, name: Literal["old", "new"]) -> str:
        """A schema's source. Raises UsageError where nobody names one."""
        if given is not None:
            return given
        source: str | None = getattr(self.policy, name)
        if source is None:
            raise click.UsageError(f"Missing argument '{name.upper()}' (and no policy names it).")
        return self._beside(source)

    def path(self, given: Path | None, name: str) -> Path | None:
        """A file or folder; one that the policy names stands relative to its own folder."""
        if given is not None:
            return given
        named: str | None = getattr(self.policy, name)
        return Path(self._beside(named)) if named is not None else None

    def runner(self, to: str | None, out: Path | None) -> tuple[str, Path | None]:
        """The runner, and its folder: that of the policy belongs to the policy's own runner."""
        own = self.policy.to or PSQL
        return to or own, self.path(out, "out") if to in (None, own) else out

    def paths(self, given: tuple[Path, ...], name: str) -> tuple[Path, ...]:
        """Several of them: those of the command line, or those of the policy."""
        named: tuple[str, ...] = getattr(self.policy, name)
        return given or tuple(Path(self._beside(each)) for each in named)

    def _beside(self, named: str) -> str:
        beside = self._folder / named
        place = named.partition(":")[0]
        return str(beside) if (self._folder / place).exists() or "/" in named.partition("://")[0] else named
