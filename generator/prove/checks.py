"""Which values satisfy a table's checks: the server is asked, over candidates, so that any check can be satisfied.

A check of one column decides between families for that column (and all that share its values); a check of several
between combinations of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, permutations, product
from typing import TYPE_CHECKING, Any

from generator.dialects.postgres.names import ident, literal
from generator.prove.family import Family, cycle
from generator.prove.patterns import from_pattern
from generator.prove.texts import text_families

if TYPE_CHECKING:
    from psycopg import Connection

_MOST_COMBINATIONS = 3000
_MOST_ALONE = 200
_STRINGS = re.compile(r"'((?:[^']|'')*)'")
_NUMBERS = re.compile(r"(?<![\w.'])-?\d+(?:\.\d+)?(?![\w.'])")

NULL = Family(name="null", text=lambda _: None)
"""No value at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A check as an SQL expression over ``columns``; ``own`` where it holds now, not in the other schema."""

    expression: str
    columns: tuple[str, ...]
    own: bool = True


def expression_of(definition: str) -> str:
    """The expression inside a check's definition."""
    return definition[definition.index("(") : definition.rindex(")") + 1]


def candidates_from(conditions: Iterable[Condition], type_text: str, free_text: bool) -> tuple[Family, ...]:
    """Families made of the constants that the conditions mention."""
    found: list[Family] = []
    texts: list[str] = []
    numbers: list[str] = []
    for condition in conditions:
        texts += [text.replace("''", "'") for text in _STRINGS.findall(condition.expression)]
        numbers += _NUMBERS.findall(_STRINGS.sub("''", condition.expression))
    texts, numbers = list(dict.fromkeys(texts)), list(dict.fromkeys(numbers))
    if texts:
        found.append(cycle("constants", texts))
    if free_text:
        found += [text_families(int(number))[0] for number in numbers if 0 < float(number) <= 64 and number.isdigit()]
        found += [Family(name=f"like {text}", text=form) for text in texts if (form := from_pattern(text)) is not None]
        found += [_around(text) for text in texts if 0 < len(text) < 40]
        found += [_around(*pair) for pair in permutations(texts[:3], 2)]
    found += [cycle(f"constant {text}", (text,)) for text in texts]
    if numbers and not free_text:
        if re.match(r"smallint|integer|bigint|numeric|real|double", type_text):
            found += [_from(number, sign) for number in numbers for sign in (1, -1)]
            found += [_between(low, high, type_text) for low, high in pairwise(sorted(numbers, key=float))]
        found.append(cycle("numbers", numbers))
    return tuple(found)


def _around(start: str, end: str = "") -> Family:
    # For patterns such as LIKE 'INV-%' and for what must hold a certain character.
    start, end = (re.sub(r"[%^$\\()\[\]*+?|]", "", text) for text in (start, end))
    return Family(name=f"between {start} and {end}", text=lambda k: f"{start}{k}{end}")


def _from(number: str, sign: int) -> Family:
    whole = int(float(number))
    return Family(name=f"{'over' if sign > 0 else 'under'} {number}", text=lambda k: str(whole + sign * (k + 1)))


def _between(low: str, high: str, type_text: str) -> Family:
    if re.match(r"smallint|integer|bigint", type_text):
        first, room = int(float(low)) + 1, int(float(high)) - int(float(low)) - 1
        return Family(name=f"{low} to {high}", text=lambda k: str(first + k), size=max(room, 1))
    step = (float(high) - float(low)) / 100
    return Family(name=f"{low} to {high}", text=lambda k: f"{float(low) + step * (k + 1):.6f}", size=98)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Columns that hold one value together (often a single one), by name with their types, and what it may be."""

    types: Mapping[str, str]
    families: Sequence[Family]


def choose(
    connection: "Connection[tuple[Any, ...]]",
    places: Sequence[Place],
    conditions: Sequence[Condition],
    numbers: Sequence[int],
) -> tuple[Family, ...] | None:
    """A family for each place so that the conditions hold for every number, the earliest ones preferred.

    Where the conditions that do not hold now cannot be satisfied as well, those that do are. None where nothing was
    found. Wants a connection in autocommit, and an empty search_path.
    """
    import psycopg

    tried = [tuple(place.families) for place in places]
    while _product(len(families) for families in tried) > _MOST_COMBINATIONS:
        widest = max(range(len(tried)), key=lambda position: len(tried[position]))
        tried[widest] = tried[widest][:-1]
    chosen = ", ".join(f"f{position}.f" for position in range(len(places)))
    ranks = chosen.replace(",", " +")
    own = _all(each for each in conditions if each.own)
    query = (
        f"SELECT ARRAY[{chosen}] FROM {_from_clause(places, tried, numbers)} GROUP BY {chosen} "
        f"HAVING bool_and({own}) ORDER BY bool_and({_all(conditions)}) DESC, {ranks} LIMIT 1"
    )
    try:
        row = connection.execute(query).fetchone()
    except psycopg.Error:
        # Some candidate makes the expression raise (a cast, a division by zero): each combination is tried alone.
        return _choose_one_by_one(connection, places, tried, own, numbers)
    return None if row is None else tuple(tried[position][number] for position, number in enumerate(row[0]))


def _choose_one_by_one(
    connection: "Connection[tuple[Any, ...]]",
    places: Sequence[Place],
    tried: Sequence[tuple[Family, ...]],
    own: str,
    numbers: Sequence[int],
) -> tuple[Family, ...] | None:
    import psycopg

    for families in islice(product(*tried), _MOST_ALONE):
        alone = [(family,) for family in families]
        try:
            row = connection.execute(f"SELECT bool_and({own}) FROM {_from_clause(places, alone, numbers)}").fetchone()
        except psycopg.Error:
            continue
        if row is not None and row[0]:
            return families
    return None


def _all(conditions: Iterable[Condition]) -> str:
    return " AND ".join(f"({each.expression}) IS NOT FALSE" for each in conditions) or "true"


def _from_clause(places: Sequence[Place], tried: Sequence[Sequence[Family]], numbers: Sequence[int]) -> str:
    lists = []
    for position, place in enumerate(places):
        rows = []
        for rank, family in enumerate(tried[position]):
            for number in numbers:
                text = family.value(number)
                value = "NULL" if text is None else literal(text)
                rows.append(f"({rank}, {number}, {', '.join(f'{value}::{kind}' for kind in place.types.values())})")
        names = ", ".join(ident(name) for name in place.types)
        lists.append(f"(VALUES {', '.join(rows)}) AS f{position} (f, k, {names})")
    return lists[0] + "".join(f" JOIN {each} USING (k)" for each in lists[1:])


def _product(sizes: Iterable[int]) -> int:
    total = 1
    for size in sizes:
        total *= size
    return total
