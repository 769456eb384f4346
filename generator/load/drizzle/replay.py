"""Version 9 keeps one whole snapshot and then only differences: this puts one together again.

As drizzle-kit 1.0 does it: a row is known by its key; a rename carries along the rows that speak of the old name; a
merge of branches replays what only the other branches have.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import BadInput
from generator.load.drizzle.edges import EDGES, KEYS, Row

ORIGIN = "00000000-0000-0000-0000-000000000000"
_WAY_OUT = "Look at the folder with `drizzle-kit check`, or restore the missing migration from Git."


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A snapshot of version 9 as it lies in the folder."""

    file: Path
    id: str
    parents: tuple[str, ...]
    rows: tuple[Row, ...] | None
    deltas: tuple[dict[str, Any], ...]


def replayed(links: Iterable[Link], wanted: str) -> list[Row]:
    """The rows of the snapshot with the id ``wanted``. Raises BadInput."""
    by_id = {link.id: link for link in links}

    def lookup(each: str, child: Link | None = None) -> Link:
        if each not in by_id:
            where = child.file if child else "the folder"
            raise BadInput(f"{where}: the snapshot {each}, on which it builds, is not in the folder.", _WAY_OUT)
        return by_id[each]

    chain = [lookup(wanted)]
    while chain[-1].rows is None:
        link = chain[-1]
        if not link.parents or link.parents[0] == ORIGIN or len(chain) > len(by_id):
            raise BadInput(f"{link.file}: its history does not reach a whole snapshot (of the type base).", _WAY_OUT)
        chain.append(lookup(link.parents[0], link))
    state = _State(chain[-1].rows or ())
    for link in reversed(chain[:-1]):
        if len(link.parents) > 1:
            seen = _history(lookup, link.parents[:1])
            others = _history(lookup, link.parents[1:]) - seen
            for other in by_id.values():
                if other.id in others and other.rows is None:
                    _apply(state, other)
        _apply(state, link)
    return state.rows


def _history(lookup: Callable[[str], Link], ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    pending = list(ids)
    while pending:
        each = pending.pop()
        if each != ORIGIN and each not in found:
            found.add(each)
            pending.extend(lookup(each).parents)
    return found


def _apply(state: "_State", link: Link) -> None:
    for number, delta in enumerate(link.deltas):
        try:
            match delta:
                case {"op": "create", "row": dict(row)}:
                    state.create(row)
                case {"op": "drop", "key": str(key)}:
                    state.drop(key)
                case {"op": "alter" | "rename", "key": str(key), "set": dict(changes)}:
                    state.update(key, changes)
                case _:
                    raise ValueError("this kind of difference is not known here")
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput(f"{link.file}: deltas[{number}]: {error}.", _WAY_OUT) from None


class _State:
    """Rows, in the order in which they came."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = [dict(row) for row in rows]

    def create(self, row: Row) -> None:
        known = next((each for each in self.rows if _key(each) == _key(row)), None)
        if known is None:
            self.rows.append(dict(row))
        elif known != row:
            raise ValueError(f"{_key(row)[0]} {_key(row)[1]} is there already, and is another")

    def drop(self, key: str) -> None:
        self.rows = [row for row in self.rows if _key(row) != _taken_apart(key)]

    def update(self, key: str, changes: dict[str, Any]) -> None:
        row = next((each for each in self.rows if _key(each) == _taken_apart(key)), None)
        if row is None:
            return
        before = dict(row)
        row.update({name: value for name, value in changes.items() if name in row})
        moved = [(before, row)] if _key(before) != _key(row) else []
        seen = {_key(before)}
        while moved:
            old, new = moved.pop(0)
            for other in self.rows:
                was = dict(other)
                edges = [edge for edge in EDGES.get(other["entityType"], ()) if edge.to == old["entityType"]]
                # Every one is followed: a foreign key may speak of the same table on both of its sides.
                relocated = [edge.relocate(other, old, new) for edge in edges]
                if any(relocated) and _key(was) != _key(other) and _key(was) not in seen:
                    seen.add(_key(was))
                    moved.append((was, other))


def _key(row: Row) -> tuple[str, str]:
    kind = row["entityType"]
    if kind not in KEYS:
        raise ValueError(f"rows of the type {kind} are not known here")
    return kind, json.dumps([row[name] for name in KEYS[kind]])


def _taken_apart(key: str) -> tuple[str, str]:
    """A key as it is written: the type, a zero, and a JSON list."""
    kind, _, rest = key.partition("\0")
    if kind not in KEYS:
        raise ValueError(f"rows of the type {kind} are not known here")
    return kind, json.dumps(json.loads(rest))
