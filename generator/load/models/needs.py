"""Which unit needs which other: by foreign key where there is one, else by the names that its text speaks of.

A name that only looks like one makes a unit needed too many, which costs time and is never wrong.
"""

import re

from generator.load.mentions import Mentions
from generator.load.models.drafts import Draft, table_name

_SQLALCHEMYS = re.compile(r"\s*(CREATE (UNLOGGED )?TABLE|CREATE (UNIQUE )?INDEX|COMMENT ON)\b")


def add_needs(drafts: list[Draft]) -> None:
    """Fill in ``needs`` of every draft; only an earlier one is ever needed."""
    schemas = {draft.name.partition(" ")[2]: draft.name for draft in drafts if draft.kind == "schema"}
    tables = [draft.name for draft in drafts if draft.kind == "table"]
    names = Mentions(
        (draft.name, draft.name.partition(" ")[2]) for draft in drafts if draft.kind in ("type", "sequence", "table")
    )
    earlier: dict[str, Draft] = {}
    listeners: list[Draft] = []
    for draft in drafts:
        needs = [schemas[draft.schema]] if draft.schema in schemas else []
        # Nothing tells what a listener's statement makes: it may be what any later one uses.
        needs += [each.name for each in listeners if each.kind == draft.kind or each.metadata is draft.metadata]
        if draft.kind == "table":
            needs += _inline_references(draft)
        if draft.kind in ("table", "type"):
            free = _has_listeners(draft)
            spoken_of = [earlier[name] for name in names.of(draft.sql) if name in earlier]
            needs += [each.name for each in spoken_of if free or each.kind in ("type", "sequence")]
        if draft.kind == "last":
            # Nor what it reads: the tables that it names, or all of them where it names none.
            needs += names.of(draft.sql) or tables
        draft.needs = [name for name in dict.fromkeys(needs) if name != draft.name]
        earlier[draft.name] = draft
        if draft.kind in ("first", "last"):
            listeners.append(draft)


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
    return draft.kind == "table" and any(not _SQLALCHEMYS.match(statement) for _, statement in draft.statements)
