"""Objects that are known by their definition: views, functions, triggers, policies and the like.

A difference in one of a kind that no recipe writes is refused by name.
"""

from collections.abc import Collection, Iterator

from generator.diff.belonging import goes_with
from generator.diff.found import Found
from generator.diff.pair import SPECIAL_TABLES, Pair
from generator.diff.replaced import MADE_OF_TYPES, type_name
from generator.model.answers import Refusal
from generator.model.change import OtherAdded, OtherChanged, OtherDropped
from generator.model.schema import Other, QName, Table

_WRITTEN = frozenset(
    {
        "function",
        "procedure",
        "aggregate",
        "event trigger",
        "view",
        "materialized view",
        "index",
        "trigger",
        "rule",
        "policy",
        "statistics",
        "domain",
        "composite type",
        "range type",
        "collation",
        "cast",
        "operator",
        "conversion",
        "language",
        "access method",
        "text search configuration",
        "text search dictionary",
        "text search parser",
        "text search template",
        "foreign-data wrapper",
        "server",
        "user mapping",
        "foreign table",
        "publication",
        "publication table",
        "publication schema",
        "comment",
        "rights",
        "default privileges",
        "owner",
        "row-level security",
        "storage parameters",
        "replica identity",
        "clustered index",
        "column statistics",
        "column storage",
        "column compression",
        "column options",
        "index parameters",
        "index statistics",
        "unlogged table",
        "unlogged sequence",
    }
)
"""Kinds of which one more or one less is written."""

_REPLACED = _WRITTEN - {"composite type", "range type", "collation"}
"""Kinds of which one that is there is changed."""

_REASONS = {
    "subscription": "It connects to another server, and holds the password for it.",
    "security label": "Labels are given meaning by a module outside of PostgreSQL.",
    "tablespace": "A tablespace is a folder of one server, and moving a table there rewrites it.",
    "index tablespace": "A tablespace is a folder of one server, and moving an index there rewrites it.",
    "table access method": "The table would have to be written anew by other code than PostgreSQL's own.",
    "trigger state": "PostgreSQL's own triggers, which keep foreign keys true, are switched by a superuser only.",
    "operator family": "Its members hang on the indexes that use it, and cannot be told apart from them.",
    "operator class": "Indexes hang on it, and would all have to be built anew.",
    "transform": "Functions in its language would take and give other values from one moment to the next.",
    "base type": "Its values are stored as functions in C write them: nothing else can move them.",
    "window function": "It is written in C.",
}
"""Why a kind is not written, where there is more to say than that."""

_BECAUSE = "Changes of this kind are not written yet, and leaving one out in silence would be wrong."


def compare_others(pair: Pair, replaced: Collection[QName] = ()) -> Iterator[Found]:
    """What belongs to a table, column or index that is dropped goes with it; every other difference is a Refusal.

    ``replaced`` are types of which the difference is told already.
    """
    old, new = {_identity(each): each for each in pair.old.others}, {_identity(each): each for each in pair.new.others}
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if key[0] == "owner" and (before is None or after is None):
            continue  # Where one side names none, any will do.
        if before is None and after is not None:
            if after.kind == "foreign table" and any(each.name == after.table for each in pair.old.tables):
                yield _refusal(after, "was a table of its own", "Make it under another name, and drop the table later.")
            elif after.kind in _WRITTEN:
                yield OtherAdded(other=after)
            else:
                way_out = "Create it by hand after the migration, or leave it out of the new schema."
                yield _refusal(after, "is new", way_out)
        elif before is not None and after is None:
            if _goes_along(before, pair):
                continue
            if before.kind == "foreign table" and any(each.name == before.table for each in pair.new.tables):
                way_out = "Make the table under another name, and drop the foreign table later."
                yield _refusal(before, "becomes a table of its own", way_out)
            elif before.kind in _WRITTEN:
                yield OtherDropped(other=before)
            else:
                yield _refusal(before, "is gone", "Drop it by hand, or keep it in the new schema.")
        elif after is not None and after.kind in MADE_OF_TYPES and type_name(after) in replaced:
            continue
        elif before is not None and after is not None and before.definition != after.definition:
            if after.kind in _REPLACED:
                yield OtherChanged(old=before, new=after)
            else:
                yield _refusal(
                    after, "differs", "Change it by hand before or after the migration, alike in both schemas."
                )


def _identity(other: Other) -> tuple[str, str, QName]:
    return other.kind, other.name, other.table or QName("", "")


def _refusal(other: Other, how: str, way_out: str) -> Refusal:
    because = _REASONS.get(other.kind, _BECAUSE)
    return Refusal(what=f"The {other.kind} {other.name} {how}.", because=because, way_out=way_out)


def _goes_along(other: Other, pair: Pair) -> bool:
    """Whether it belongs to something that is dropped: PostgreSQL drops it with that."""
    if other.kind in SPECIAL_TABLES:
        return False
    if any(goes_with(other, gone) for gone in _dropped_others(pair)):
        return True
    if other.kind == "unlogged sequence":
        return f"sequence {other.name}" in _dropped_objects(pair)
    if other.table is None:
        return other.kind in ("rights", "comment") and other.name.removeprefix("on ") in _dropped_objects(pair)
    table = next((each for each in pair.new.tables if each.name == other.table), None)
    if table is None:
        return not pair.becomes_special(other.table) and any(each.name == other.table for each in pair.old.tables)
    before = next((each for each in pair.old.tables if each.name == other.table), None)
    return before is not None and other.name in _dropped_names(before, table)


def _dropped_objects(pair: Pair) -> set[str]:
    """Objects that are gone and belong to no table, as rights on them and comments on them name them."""
    old, new = (
        {f"sequence {each.name}" for each in side.sequences}
        | {f"type {each.name}" for each in side.enums}
        | {f"schema {each.name}" for each in side.namespaces}
        | {f"{each.kind} {each.name}" for each in side.others}
        | {f"table {each.name}" for each in side.others if each.kind in ("view", "materialized view")}
        for side in (pair.old, pair.new)
    )
    return old - new


def _dropped_others(pair: Pair) -> Iterator[Other]:
    """Objects known by their definition that are gone."""
    kept = {_identity(each) for each in pair.new.others}
    return (each for each in pair.old.others if _identity(each) not in kept)


def _dropped_names(old: Table, new: Table) -> set[str]:
    """Columns and indexes that are gone, as an Other names them."""
    columns = {f"{new.name}.{column.name}" for column in old.columns if not new.has_column(column.name)}
    kept = {each.name for each in (*new.indexes, *new.constraints)}
    gone = {each.name for each in (*old.indexes, *old.constraints)} - kept
    return columns | {str(QName(new.name.schema, name)) for name in gone}
