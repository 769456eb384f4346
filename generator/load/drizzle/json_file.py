"""JSON as Drizzle's files hold it: read whole, and taken apart with every key accounted for.

A key that is not known may be a thing that would silently be lost: so it is an error, with its place.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.errors import BadInput

_NEWER = "It may be from a drizzle-kit that is newer than what is known here; docs/sources.md names the versions."


def read_json(path: Path) -> Any:
    """What the file holds. Raises BadInput with the line."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}).") from None
    except json.JSONDecodeError as error:
        hint = " (a merge that was not finished?)" if "<<<<<<<" in error.doc else ""
        raise BadInput(
            f"{path}:{error.lineno}: no JSON: {error.msg}{hint}.", "Restore the file from Git, or mend it by hand."
        ) from None
    except (UnicodeDecodeError, RecursionError):
        raise BadInput(f"{path}: no JSON text.", "Restore the file from Git.") from None


@dataclass(slots=True, kw_only=True)
class Node:
    """An object of a JSON file. ``at`` is its place for messages; what was taken out of it is remembered."""

    data: dict[str, Any]
    file: Path
    at: str = ""
    _taken: set[str] = field(default_factory=set)

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self._take(key)
        return value if isinstance(value, str) else self._wrong(key, "a text", value)

    def optional_text(self, key: str) -> str:
        """A text, empty where it is missing or null. A number is taken as its text."""
        value = self._take(key)
        if value is None:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        return value if isinstance(value, str) else self._wrong(key, "a text", value)

    def flag(self, key: str) -> bool:
        """True or false; false where it is missing or null."""
        value = self._take(key)
        return bool(value) if value is None or isinstance(value, bool) else self._wrong(key, "true or false", value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where it is missing or null."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._wrong(key, "a list of texts", value)
        return tuple(value)

    def any(self, key: str) -> Any:
        """Whatever is there; None where nothing is."""
        return self._take(key)

    def node(self, key: str) -> "Node | None":
        """An object, None where it is missing or null."""
        value = self._take(key)
        return None if value is None else self._node(key, value)

    def nodes(self, key: str) -> tuple["Node", ...]:
        """The objects of a list or the values of an object, none where it is missing or null."""
        value = self._take(key)
        if value is None:
            return ()
        if isinstance(value, dict):
            return tuple(self._node(f"{key}.{name}", each) for name, each in value.items())
        if isinstance(value, list):
            return tuple(self._node(f"{key}[{number}]", each) for number, each in enumerate(value))
        self._wrong(key, "an object", value)
        return ()

    def ignore(self, *keys: str) -> None:
        """Take out what means nothing for the schema."""
        self._taken.update(keys)

    def finish(self) -> None:
        """Nothing may be left. Raises BadInput."""
        left = sorted(self.data.keys() - self._taken)
        if left:
            raise BadInput(f"{self.file}: {self._place(left[0])}: this key is not known here.", _NEWER)

    def wrong(self, what: str) -> BadInput:
        """The error for what is wrong with it."""
        return BadInput(f"{self.file}: {self.at or 'the file'}: {what}", _NEWER)

    def _take(self, key: str) -> Any:
        self._taken.add(key)
        return self.data.get(key)

    def _node(self, key: str, value: Any) -> "Node":
        if not isinstance(value, dict):
            self._wrong(key, "an object", value)
        return Node(data=value, file=self.file, at=self._place(key))

    def _place(self, key: str) -> str:
        return f"{self.at}.{key}" if self.at else key

    def _wrong(self, key: str, wanted: str, value: Any) -> Any:
        said = "is missing" if value is None else f"is {json.dumps(value)[:60]}"
        raise BadInput(f"{self.file}: {self._place(key)} {said}; it has to be {wanted}.", _NEWER)
