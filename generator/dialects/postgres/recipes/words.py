"""The names in a definition: what it speaks of."""

import re

from generator.model.schema import Other


def words_of(text: str) -> frozenset[str]:
    """The names in a definition, as they are written."""
    return frozenset(re.findall(r'"(?:[^"]|"")+"|[\w$]+', text))


_UNNAMED = frozenset(
    (
        *("rights", "comment", "default privileges", "user mapping", "publication table", "publication schema"),
        *("row-level security", "storage parameters", "replica identity", "clustered index", "column statistics"),
        *("column storage", "column compression", "column options", "index parameters", "index statistics"),
        *("unlogged table", "unlogged sequence"),
    )
)
"""Kinds that have no name of their own, so that no definition speaks of one."""


def mentions(words: frozenset[str], other: Other) -> bool:
    """Whether the words of a definition name the object: by its own name, without namespace and arguments."""
    if other.kind in _UNNAMED:
        return False
    own = (
        other.name.rsplit(" on ", 1)[0] if other.kind in ("trigger", "rule", "policy") else other.name.split("(", 1)[0]
    )
    last = re.search(r'"(?:[^"]|"")+"\Z|[^."]+\Z', own)
    return (last[0] if last else own) in words
