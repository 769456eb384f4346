"""One line on standard error that says what is being done, where somebody sees it and it takes long enough."""

import time
from threading import Event, Lock, Thread
from types import TracebackType

from generator.cli.terminal import Terminal

_SHOWN_AFTER = 0.3
_EVERY = 0.1
_TURNS = "|/-\\"


class Progress:
    """Told what is being done; shows it with the seconds since the start, and wipes it when something else is said."""

    def __init__(self, terminal: Terminal) -> None:
        """Nothing is shown before the block is entered."""
        self._terminal = terminal
        self._doing = ""
        self._shown = 0
        self._paused = False
        self._lock = Lock()
        self._over = Event()
        self._started = time.monotonic()
        self._thread = Thread(target=self._turn, daemon=True)

    def __call__(self, doing: str) -> None:
        """Say what is being done now, in a few words."""
        self._doing = doing

    def __enter__(self) -> "Progress":
        """Begin to show it, on a terminal."""
        if self._terminal.shows_progress:
            self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """Wipe the line; nothing is shown after."""
        self._over.set()
        self.pause()
        if self._thread.is_alive():
            self._thread.join()

    def pause(self) -> None:
        """Wipe the line and keep still, while a person is asked."""
        with self._lock:
            self._paused = True
            self._wipe()

    def resume(self) -> None:
        """Go on after ``pause``."""
        self._paused = False

    def _turn(self) -> None:
        turns = 0
        while not self._over.wait(_EVERY):
            seconds = time.monotonic() - self._started
            with self._lock:
                if self._paused or not self._doing or seconds < _SHOWN_AFTER:
                    continue
                turns += 1
                paint = self._terminal.paint(self._terminal.stderr)
                line = f"{_TURNS[turns % len(_TURNS)]} {paint.plain(self._doing)} ({seconds:.0f} s)"[: paint.width - 1]
                try:
                    self._terminal.tell("\r" + line.ljust(self._shown))
                except OSError:  # nobody is looking any more
                    return
                self._shown = len(line)

    def _wipe(self) -> None:
        if self._shown:
            self._terminal.tell("\r" + " " * self._shown + "\r")
            self._shown = 0
