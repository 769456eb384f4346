"""A runner that applies whatever is in its folder: the stages come into it one by one, as commits would bring them."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from tests.forms.world import generate


@dataclass(kw_only=True)
class Folder:
    """The runner's folder in a project, and a place beside it for stages that were rolled back."""

    project: Path
    inside: str
    options: tuple[str, ...]
    names: dict[str, list[str]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The runner's folder."""
        return self.project / self.inside

    def bring(self, stage: str) -> list[str]:
        """The files of a stage come into the folder: written by the command the first time. Their names, in order."""
        if stage in self.names:
            for name in self.names[stage]:
                shutil.move(self.project / "aside" / name, self.path / name)
        else:
            before = set(self.listing())
            generate(*self.options, cwd=self.project)
            self.names[stage] = sorted(set(self.listing()) - before)
        return self.names[stage]

    def take(self, stage: str) -> None:
        """Away with them, for later."""
        (self.project / "aside").mkdir(exist_ok=True)
        for name in self.names[stage]:
            shutil.move(self.path / name, self.project / "aside" / name)

    def listing(self) -> list[str]:
        """What is in the folder."""
        return sorted(path.name for path in self.path.iterdir())
