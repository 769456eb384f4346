"""Objects known by their definition that are not written, why, and what to do instead."""

from collections.abc import Iterator

from generator.dialects.postgres import defined
from generator.dialects.postgres.recipes.context import Context
from generator.dialects.postgres.recipes.rebuilt import group_of
from generator.model import change as c
from generator.model.answers import Refusal
from generator.model.schema import Other, QName


def refuse_other(change: c.OtherAdded | c.OtherDropped | c.OtherChanged, context: Context) -> Iterator[Refusal]:
    """What hangs on an object that would have to be made anew; and what a script must not hold."""
    other = change.new if isinstance(change, c.OtherChanged) else change.other
    group = group_of(other, context)
    if group is not None and group.blockers:
        many = len(group.blockers) > 1
        yield Refusal(
            what=f"The {other.kind} {other.name} differs.",
            because=f"PostgreSQL cannot change it where it stands, and {', '.join(group.blockers)}"
            f" hang{'' if many else 's'} on it",
            way_out=f"give the new one another name, let {'them' if many else 'it'} use that, and drop this one in a"
            " later change",
        )
    if isinstance(change, c.OtherChanged) and other.kind == "index" and other.table is not None:
        name = other.definition.split(" INDEX ", 1)[1].split(" ON ", 1)[0]
        yield from chosen_index(other.table, name, context)
    match change:
        case c.OtherAdded() | c.OtherChanged() if any(" 'secret " in each.definition for each in _sides(change)):
            yield Refusal(
                what=f"The {other.kind} {other.name} is new or differs.",
                because="it holds a password, which would stand in the scripts and be read by all who review them",
                way_out="create or alter it by hand, and leave it out of the new schema, or alike in both",
            )
        case c.OtherChanged(old=old, new=new) if (
            new.kind in ("server", "publication") and defined.alter(old, new) is None
        ):
            yield Refusal(
                what=f"The {new.kind} {new.name} differs.",
                because="PostgreSQL has no statement that changes this of it, and what uses it would go with it",
                way_out="make another one under a new name, move over what uses this one, and drop it later",
            )
        case _:
            return


def _sides(change: c.OtherAdded | c.OtherDropped | c.OtherChanged) -> tuple[Other, ...]:
    """The definitions of user mappings and servers, which may hold secrets."""
    sides = (change.old, change.new) if isinstance(change, c.OtherChanged) else (change.other,)
    return tuple(each for each in sides if each.kind in ("user mapping", "server"))


def chosen_index(table: QName, index: str, context: Context) -> Iterator[Refusal]:
    """An index that is built anew is another one: what was chosen by it would be lost, there or back."""
    for schema in (context.old, context.new):
        for other in schema.others:
            chosen = other.table == table and other.kind in ("clustered index", "replica identity")
            if chosen and other.definition.endswith((f" CLUSTER ON {index}", f" USING INDEX {index}")):
                yield Refusal(
                    what=f"{table}: {index} is built anew",
                    because=f"it is the {other.kind} of the table, which goes with the old one",
                    way_out="do it in two changes: first choose another one (or none), then change the index",
                )
                return
