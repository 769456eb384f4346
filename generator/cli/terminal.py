"""The three streams of the process, and what they can show."""

import os
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from generator.render.paint import Paint

_WIDEST = 110


class Terminal:
    """Where words go. ``quiet`` and ``as_json`` are set once the options are known; ``arguments`` is what was typed."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        """Take the streams as they are, but let no character stop a message."""
        self.arguments = tuple(arguments)
        self.stdin, self.stdout, self.stderr = sys.stdin, sys.stdout, sys.stderr
        for stream in (self.stdout, self.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        if hasattr(self.stdin, "reconfigure"):
            # Where the locale says ASCII the terminal is one of UTF-8 all the same, or sends nothing else than ASCII.
            ascii_only = (self.stdin.encoding or "").lower() in ("ascii", "us-ascii", "ansi_x3.4-1968")
            self.stdin.reconfigure(encoding="utf-8" if ascii_only else None, errors="replace")
        self.quiet = False
        self.as_json = False

    @property
    def asks(self) -> bool:
        """Whether somebody is there who can answer."""
        return _is_terminal(self.stdin) and _is_terminal(self.stderr) and not self.as_json

    @property
    def shows_progress(self) -> bool:
        """Whether a line that changes can be shown, and is wanted."""
        return _is_terminal(self.stderr) and not self.quiet and os.environ.get("TERM") != "dumb"

    def tell(self, text: str) -> None:
        """A message, to standard error."""
        self.stderr.write(text)
        self.stderr.flush()

    def write(self, text: str) -> None:
        """The result, to standard output: UTF-8 whatever the locale, since a file is made of it."""
        if _is_terminal(self.stdout) or not hasattr(self.stdout, "buffer"):
            self.stdout.write(text)
        else:
            self.stdout.flush()
            self.stdout.buffer.write(text.encode())
        self.stdout.flush()

    def paint(self, stream: TextIO) -> "Paint":
        """What a stream can show. Colours only on a terminal, and not where NO_COLOR is set (no-color.org)."""
        from generator.render.paint import Paint

        terminal = _is_terminal(stream)
        colour = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        width = min(shutil.get_terminal_size().columns, _WIDEST) if terminal else _WIDEST
        return Paint(width=width, colour=colour, unicode=_is_unicode(stream))


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _is_unicode(stream: TextIO) -> bool:
    try:
        "→✓×…".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
