"""What the application cannot do while a script holds its locks: it is tried, from a second session."""

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from generator.model.plan import LockMode, TableLock
from generator.model.schema import QName
from generator.prove.attempts import Attempt, outcomes

if TYPE_CHECKING:
    from psycopg import Connection

_PATIENCE = "40ms"
"""How long one statement of the application waits for a lock before it counts as kept waiting."""

_WAITED = "(55P03)"
_ABOUT = re.compile(
    r"(?P<does>reads|locks a row of|inserts into|updates|sets|deletes from)(?: .* of)? (?P<table>.+?)(?:,.*| ON .*|$)"
)
_WORDS = {
    "reads": "read",
    "locks a row of": "lock a row of",
    "inserts into": "insert into",
    "updates": "update",
    "deletes from": "delete from",
}


class Meanwhile:
    """Tries one statement of each sort on every table that is locked."""

    def __init__(self, connection: "Connection[tuple[Any, ...]]", works: Sequence[Attempt]) -> None:
        """``connection`` is a second session, in autocommit; ``works`` are the statements that work without locks."""
        self._connection = connection
        self._works = list(_one_of_each(works))
        self._known: dict[frozenset[TableLock], tuple[str, ...]] = {}
        connection.execute(f"SET lock_timeout = '{_PATIENCE}'")

    def cannot(self, locks: Sequence[TableLock]) -> tuple[str, ...]:
        """``read customers``, ``insert into customers`` …: what waited while these locks were held."""
        import psycopg

        held = frozenset(lock for lock in locks if lock.mode.strength >= LockMode.SHARE.strength)
        if not held:
            return ()
        if held not in self._known:
            tables = {str(lock.table) for lock in held}
            tried = [(does, table, attempt) for does, table, attempt in self._works if table in tables]
            try:
                seen = outcomes(self._connection, [attempt for _, _, attempt in tried])
            except psycopg.errors.LockNotAvailable:
                # Even to look at the sequences had to wait: so does all that uses them.
                self._known[held] = tuple(f"{_WORDS[does]} {table}" for does, table, _ in tried)
            else:
                self._known[held] = tuple(
                    f"{_WORDS[does]} {table}"
                    for (does, table, _), outcome in zip(tried, seen, strict=True)
                    if _WAITED in outcome.error
                )
        return self._known[held]


def _one_of_each(works: Iterable[Attempt]) -> Iterable[tuple[str, str, Attempt]]:
    found: set[tuple[str, str]] = set()
    for attempt in works:
        about = _ABOUT.match(attempt.what)
        if about is None or about["does"] not in _WORDS:
            continue
        key = about["does"], about["table"]
        if key not in found:
            found.add(key)
            yield (*key, attempt)


def in_one_line(blocked: Sequence[str]) -> dict[str, str]:
    """By table what waits: ``read, insert into, update, delete from``."""
    by_table: dict[str, list[str]] = {}
    for each in blocked:
        does = next(words for words in _WORDS.values() if each.startswith(f"{words} "))
        table = each.removeprefix(f"{does} ")
        by_table.setdefault(table, []).append(does.removesuffix(" into").removesuffix(" from").removesuffix(" of"))
    return {table: ", ".join(dict.fromkeys(words)) for table, words in by_table.items()}


def stops_writes(lock: TableLock) -> bool:
    """Whether nobody can write the table while the lock is held."""
    return lock.mode.strength >= LockMode.SHARE.strength


def is_on(locks: Sequence[TableLock], table: QName) -> LockMode | None:
    """The mode on one table among the locks."""
    return next((lock.mode for lock in locks if lock.table == table), None)
