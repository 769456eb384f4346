"""Where a source is looked for: the current folder, or a revision of it in a scratch folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """``folder`` holds the files; ``home`` is where it lies in the working tree, with the tools that are installed."""

    folder: Path
    home: Path

    def path(self, name: str) -> Path:
        """A path of the source; relative to the current folder as long as that is where it is looked for."""
        return self.folder / name

    def at_home(self, path: Path) -> Path:
        """The same path in the working tree, absolute."""
        absolute = path.absolute()
        folder = self.folder.absolute()
        if absolute.is_relative_to(folder):
            return self.home.absolute() / absolute.relative_to(folder)
        return absolute


HERE = Place(folder=Path(), home=Path())
"""The current folder."""
