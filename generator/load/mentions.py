"""Which of some names a piece of SQL speaks of, by its words.

A name that only looks like one is found too many, which costs time and is never wrong where needs are asked for.
"""

import re
from collections.abc import Iterable

_WORDS = re.compile(r"[\w$]+")


class Mentions:
    """The names to look for: each a key, and the words that must all be there."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """``names`` are pairs of a key and the name as written, with or without its schema."""
        self._by_last_word: dict[str, list[tuple[str, set[str]]]] = {}
        for key, name in names:
            words = _WORDS.findall(name.lower())
            if words:
                self._by_last_word.setdefault(words[-1], []).append((key, set(words)))

    def of(self, sql: str) -> list[str]:
        """The keys of the names that the text speaks of, sorted."""
        words = set(_WORDS.findall(sql.lower()))
        return sorted(
            key
            for word in words & self._by_last_word.keys()
            for key, all_words in self._by_last_word[word]
            if all_words <= words
        )
