"""Which unit needs which other: by foreign key where there is one, else by the names that its text speaks of.

A name that only looks like one makes a unit needed too many, which costs time and is never wrong.
"""

import re

from generator.load.models.drafts import Draft, table_name

_WORDS = re.compile(r"[\w$]+")


def add_needs(drafts: list[Draft]) -> None:
    """Fill in ``needs`` of every draft."""
    schemas = {draft.name.partition(" ")[2]: draft.name for draft in drafts if draft.kind == "schema"}
    first = [draft.name for draft in drafts if draft.kind == "first"]
    shared = [draft for draft in drafts if draft.kind in ("type", "sequence")]
    tables = [draft for draft in drafts if draft.kind == "table"]
    names = _by_word([*shared, *tables])
    words_of_shared = {draft.name for draft in shared}
    earlier: list[str] = []
    for draft in drafts:
        if draft.schema in schemas:
            draft.needs.append(schemas[draft.schema])
        if draft.kind in ("type", "sequence", "table"):
            draft.needs += first
        if draft.kind == "table":
            draft.needs += _inline_references(draft)
            spoken_of = _spoken_of(draft.sql, names)
            draft.needs += [name for name in spoken_of if name in words_of_shared]
            if _has_listeners(draft):
                draft.needs += [name for name in spoken_of if name in earlier]
        if draft.kind == "last":
            # Nothing tells what it reads: the tables that it names, or all of them where it names none.
            spoken_of = _spoken_of(draft.sql, names)
            draft.needs += spoken_of or [table.name for table in tables]
            draft.needs += [name for name in earlier if name.startswith("last ")] + first
        if draft.kind == "first":
            draft.needs += [name for name in earlier if name.startswith("first ")]
        draft.needs = [name for name in draft.needs if name != draft.name]
        earlier.append(draft.name)


def _inline_references(draft: Draft) -> list[str]:
    assert draft.table is not None
    late = set(draft.late_needs)
    referenced = [table_name(key.referred_table) for key in draft.table.foreign_key_constraints]
    parents = draft.table.dialect_options["postgresql"].get("inherits") or ()
    parents = (parents,) if not isinstance(parents, list | tuple) else parents
    inherited = [f"table {getattr(parent, 'key', parent)}" for parent in parents]
    return sorted({name for name in referenced if name not in late} | set(inherited))


def _has_listeners(draft: Draft) -> bool:
    """Whether a listener has sent something of its own for the table."""
    ours = re.compile(r"\s*(CREATE TABLE|CREATE (UNIQUE )?INDEX|COMMENT ON)\b")
    return any(not ours.match(statement) for _, statement in draft.statements)


def _by_word(drafts: list[Draft]) -> dict[str, list[tuple[str, set[str]]]]:
    """By the last word of its name: the units of that name, with all words that must be there."""
    found: dict[str, list[tuple[str, set[str]]]] = {}
    for draft in drafts:
        words = _WORDS.findall(draft.name.partition(" ")[2].lower())
        if words:
            found.setdefault(words[-1], []).append((draft.name, set(words)))
    return found


def _spoken_of(sql: str, names: dict[str, list[tuple[str, set[str]]]]) -> list[str]:
    words = set(_WORDS.findall(sql.lower()))
    return sorted(name for word in words & names.keys() for name, all_words in names[word] if all_words <= words)
