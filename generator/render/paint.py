"""Words for a terminal: its width, its colours, and the characters that it can show."""

import re
import textwrap
from dataclasses import dataclass

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ASCII = str.maketrans({"→": "->", "✓": "ok", "✗": "x", "·": "-", "…": "...", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Paint:
    """What the stream can show. ``width`` in columns; a plain one (the default) is for pipes and files."""

    width: int = 100
    colour: bool = False
    unicode: bool = True

    def style(self, text: str, *styles: str) -> str:
        """The text in bold, dim, red, green, yellow or cyan, where there are colours."""
        if not self.colour or not styles:
            return text
        return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"

    def plain(self, text: str) -> str:
        """The text as this stream can show it: a name with an escape sequence in it must not steer the terminal."""
        shown = _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", text)
        return shown if self.unicode else shown.translate(_ASCII).encode("ascii", "backslashreplace").decode()

    def wrap(self, text: str, *, first: str = "", then: str = "") -> str:
        """The paragraphs of ``text`` filled to the width: ``first`` begins the first line, ``then`` the others."""
        lines: list[str] = []
        for paragraph in self.plain(text).splitlines() or [""]:
            lines += textwrap.wrap(
                paragraph,
                width=max(self.width, 40),
                initial_indent=self.plain(then if lines else first),
                subsequent_indent=self.plain(then),
                break_long_words=False,
                break_on_hyphens=False,
            ) or [""]
        return "\n".join(lines)
