"""A source that is being loaded."""

from collections.abc import Callable
from typing import Protocol

from generator.model.declared import Declared


class Loading(Protocol):
    """A source that is being loaded."""

    def result(self) -> Declared:
        """Wait until it is loaded. Raises BadInput."""
        ...


class Immediate:
    """A source that takes no time worth a process of its own."""

    def __init__(self, load: Callable[[], Declared]) -> None:
        """``load`` is called when the result is asked for."""
        self._load = load

    def result(self) -> Declared:
        """Load it. Raises BadInput."""
        return self._load()
