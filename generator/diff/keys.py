"""The names that people write in answers, and what they mean in a schema."""

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches

from generator.errors import BadInput
from generator.model.answers import Answers
from generator.model.schema import QName, Schema

_PART = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')


def parts_of(key: str) -> tuple[str, ...]:
    """``billing."Odd.Name".id`` as (billing, Odd.Name, id); empty where it is no name."""
    parts = []
    place = 0
    while True:
        match = _PART.match(key, place)
        if match is None:
            return ()
        parts.append(match[1].replace('""', '"') if match[1] is not None else match[2].strip())
        place = match.end()
        if place == len(key):
            return tuple(parts)
        if key[place] != ".":
            return ()
        place += 1


def tables_named(key: str, schema: Schema) -> tuple[QName, ...]:
    """The tables that the key can mean."""
    parts = parts_of(key)
    if len(parts) == 1:
        wanted = [QName("public", parts[0])]
    elif len(parts) == 2:
        wanted = [QName(*parts)]
    else:
        wanted = []
    return tuple(table.name for table in schema.tables if table.name in wanted)


def columns_named(key: str, schema: Schema) -> tuple[tuple[QName, str], ...]:
    """The (table, column) pairs that the key can mean."""
    parts = parts_of(key)
    if len(parts) == 2:
        wanted = QName("public", parts[0])
    elif len(parts) == 3:
        wanted = QName(parts[0], parts[1])
    else:
        return ()
    return tuple(
        (table.name, parts[-1]) for table in schema.tables if table.name == wanted and table.has_column(parts[-1])
    )


def table_of_column_key(key: str) -> QName | None:
    """The table's name in a key that names a column, whether there is such a table or not."""
    parts = parts_of(key)
    if len(parts) == 2:
        return QName("public", parts[0])
    return QName(parts[0], parts[1]) if len(parts) == 3 else None


def means(key: str, written: Iterable[str]) -> bool:
    """Whether one of the keys that a person wrote is ``key``, quotes and ``public.`` aside."""
    wanted = _bare(key)
    return any(_bare(each) == wanted for each in written)


def _bare(key: str) -> tuple[str, ...]:
    parts = parts_of(key)
    return parts[1:] if len(parts) > 1 and parts[0] == "public" else parts


def unknown(key: str, answers: Answers, what: str, known: Iterable[str]) -> BadInput:
    """The error for a name that is nowhere: where it was written, and the nearest names that there are."""
    near = get_close_matches(key, sorted(known), n=3, cutoff=0.5)
    where = answers.origin.get(key, "")
    hint = f"Did you mean {' or '.join(near)}?" if near else "Look at the spelling; names are as in the database."
    return BadInput(f"{where + ': ' if where else ''}{what} {key} is in neither schema.", hint)


def toml(text: str) -> str:
    """A TOML string or quoted key."""
    return json.dumps(text, ensure_ascii=False)
