"""Objects that have to be made anew, with all that hangs on them: what they are, before and after.

PostgreSQL drops nothing on which something hangs. So a view that changes is dropped with the views on it, and all are
made again; what belongs to one (rights, comments, triggers, rules, indexes) goes with it and is made again as well.
What hangs on what the server itself has told.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.dialects.postgres import defined
from generator.dialects.postgres.names import ident, qname
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.definitions import RELATIONS, ROUTINES
from generator.model import change as c
from generator.model.facts import Key
from generator.model.schema import Other

_BELONGS: tuple[str, ...] = (
    *("index", "statistics", "column storage", "column compression", "column statistics", "column options"),
    *("clustered index", "trigger", "rule", "policy", "rights", "comment"),
)
"""What belongs to a relation, in the order in which it is made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What is made anew together. ``old`` and ``new`` are the objects, each after what it hangs on.

    ``old_belongs`` and ``new_belongs`` go and come with them. ``blockers`` are parts of tables that hang on one of
    them, in PostgreSQL's words: then it cannot be done. ``slots`` are the places that the objects take.
    """

    slots: frozenset[Key]
    old: tuple[Other, ...]
    new: tuple[Other, ...]
    old_belongs: tuple[Other, ...]
    new_belongs: tuple[Other, ...]
    blockers: tuple[str, ...]

    def holds(self, other: Other) -> bool:
        """Whether it is one of them or belongs to one."""
        return any(
            (each.kind, each.name, each.table) == (other.kind, other.name, other.table)
            for each in (*self.old, *self.new, *self.old_belongs, *self.new_belongs)
        )

    @property
    def has_rows(self) -> bool:
        """Whether a materialized view is among them: it takes its time to be made."""
        return any(each.kind == "materialized view" for each in (*self.old, *self.new))


def slot_of(kind: str, name: str) -> Key:
    """The place that an object takes: a view and a materialized view cannot have the same name."""
    return ("relation" if kind in RELATIONS else "routine" if kind in ROUTINES else kind, name)


def group_of(other: Other, context: Context) -> Group | None:
    """The group that the object is made anew with; None where it is in none."""
    return next((each for each in groups(context) if each.holds(other)), None)


def groups(context: Context) -> tuple[Group, ...]:
    """Every group of the plan."""
    if "groups" not in context.kept:
        context.kept["groups"] = tuple(_groups(context))
    found = context.kept["groups"]
    assert isinstance(found, tuple)
    return found


def _groups(context: Context) -> Iterator[Group]:
    old = {slot_of(each.kind, each.sql_name): each for each in context.old.others if each.sql_name}
    new = {slot_of(each.kind, each.sql_name): each for each in context.new.others if each.sql_name}
    hanging: dict[Key, set[Key]] = {}
    for (kind, name), others in context.facts.hanging.items():
        hanging.setdefault(slot_of(kind, name), set()).update(slot_of(*each) for each in others)
    together: list[set[Key]] = []
    for root in _roots(context):
        found = _closure(root, hanging)
        for each in [one for one in together if one & found]:
            found |= each
            together.remove(each)
        together.append(found)
    for slots in together:
        blockers = sorted(name for kind, name in slots if kind == "part of a table" or (kind, name) not in old)
        before = _in_order([old[slot] for slot in sorted(slots) if slot in old])
        after = _in_order([new[slot] for slot in sorted(slots) if slot in new])
        yield Group(
            slots=frozenset(slots),
            old=tuple(each for each in before if not _is_part(each, before)),
            new=tuple(each for each in after if not _is_part(each, after)),
            old_belongs=tuple(belonging(before, context.old.others)),
            new_belongs=tuple(belonging(after, context.new.others)),
            blockers=tuple(blockers),
        )


def _roots(context: Context) -> Iterator[Key]:
    """What changes and cannot do so where it stands; what hangs on a retyped column is made anew with that."""
    from generator.dialects.postgres.recipes.dependents import hangs_on_retyped

    dropped = {
        slot_of(change.other.kind, change.other.sql_name)
        for change in context.changes
        if isinstance(change, c.OtherDropped)
    }
    for change in context.changes:
        match change:
            case c.OtherChanged(old=old, new=new):
                replaced = (new.kind, new.sql_name) in context.facts.replaced
                stays = replaced or new.kind == "domain" or hangs_on_retyped(new, context)
                if new.kind in defined.HANGS_ON and not stays and defined.alter(old, new) is None:
                    yield slot_of(new.kind, new.sql_name)
            case c.OtherAdded(other=other):
                if other.sql_name and slot_of(other.kind, other.sql_name) in dropped:
                    yield slot_of(other.kind, other.sql_name)
            case _:
                pass


def _closure(root: Key, hanging: dict[Key, set[Key]]) -> set[Key]:
    found, waiting = {root}, [root]
    while waiting:
        for each in hanging.get(waiting.pop(), set()) - found:
            found.add(each)
            waiting.append(each)
    return found


def _is_part(other: Other, group: Iterable[Other]) -> bool:
    """Whether it belongs to a relation of the group, and so goes and comes with that."""
    return other.table is not None and other.kind not in RELATIONS and qname(other.table) in _relations(group)


def _relations(group: Iterable[Other]) -> set[str]:
    return {each.sql_name for each in group if each.kind in RELATIONS}


def belonging(group: Iterable[Other], others: Iterable[Other]) -> Iterator[Other]:
    """What belongs to the objects, as it can be made again; comments last, since they may be on any of it."""
    group, others = tuple(group), tuple(others)
    own = tuple(each for each in others if _is_part(each, group))
    for other in sorted(
        others, key=lambda each: (_BELONGS.index(each.kind) if each.kind in _BELONGS else 0, each.name)
    ):
        if other in own or any(belongs_to(other, each) for each in (*group, *own)):
            yield other


def belongs_to(other: Other, one: Other) -> bool:
    """Whether it is a right on the object, a comment on it or on a column of it, or hangs on it as a relation."""
    if other == one:
        return False
    if other.kind == "comment":
        kind = "statistics object" if one.kind == "statistics" else one.kind
        return other.sql_name == f"on {kind} {_as_commented(one)}" or (
            one.kind in RELATIONS and other.sql_name.startswith(f"on {one.kind} column {one.sql_name}.")
        )
    if other.kind in ("publication table", "publication schema"):
        return one.kind == "publication" and other.name.startswith(f"{one.name}: ")
    if other.kind == "rights" and one.kind in (*ROUTINES, "server", "foreign-data wrapper"):
        words = {"server": "foreign server", "foreign-data wrapper": "foreign data wrapper", "procedure": "procedure"}
        name = one.sql_name if one.kind in ROUTINES else ident(one.sql_name)
        return other.sql_name == f"{words.get(one.kind, 'function')} {name}"
    return (
        one.kind in RELATIONS
        and other.table is not None
        and other.kind not in RELATIONS
        and (qname(other.table) == one.sql_name)
    )


def _as_commented(one: Other) -> str:
    """The name by which a comment calls it."""
    if one.kind in ("trigger", "rule", "policy"):
        own, table = one.sql_name.rsplit(" on ", 1) if one.table is None else (one.sql_name, "")
        table = qname(one.table) if one.table is not None else table
        return f"{ident(own.removesuffix(f' on {table}'))} on {table}"
    unqualified = ("server", "foreign-data wrapper", "publication", "event trigger", "language", "access method")
    return ident(one.sql_name) if one.kind in unqualified else one.sql_name


def speaks_of(other: Other, of: Other) -> bool:
    """Whether the definition names the object, with its namespace where it has one."""
    name = of.sql_name.split("(", 1)[0] if of.kind in ROUTINES else of.sql_name
    return re.search(rf'(?<![\w$".]){re.escape(name)}(?![\w$"])', other.definition) is not None


def _in_order(objects: list[Other]) -> list[Other]:
    """Each after what it speaks of; where two speak of each other, as they come."""
    found: list[Other] = []
    waiting = list(objects)
    while waiting:
        ready = [each for each in waiting if not any(speaks_of(each, one) for one in waiting if one is not each)]
        for each in ready or waiting[:1]:
            found.append(each)
            waiting.remove(each)
    return found
