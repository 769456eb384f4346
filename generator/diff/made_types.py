"""Types that are known by their definition: which differences have to replace one, and what is lost by it."""

from collections.abc import Iterator

from generator.diff.composites import replace_composite
from generator.diff.domains import hidden_users, read_domain
from generator.diff.found import Found
from generator.diff.pair import Pair
from generator.diff.replaced import MADE_OF_TYPES
from generator.model.answers import Refusal
from generator.model.change import TypeReplaced
from generator.model.schema import Other


def compare_types(pair: Pair) -> Iterator[Found]:
    """A domain over another type is replaced; what else a domain has is altered. A composite type is replaced."""
    old = {(each.kind, each.name): each for each in pair.old.others if each.kind in MADE_OF_TYPES}
    for new in pair.new.others:
        before = old.get((new.kind, new.name))
        if before is None or before.definition == new.definition:
            continue
        if new.kind == "domain":
            yield from _domain(before, new, pair)
        elif new.kind == "composite type":
            yield from replace_composite(before, new, pair)


def _domain(old: Other, new: Other, pair: Pair) -> Iterator[Found]:
    before, after = read_domain(old), read_domain(new)
    if before.base != after.base:
        yield TypeReplaced(old=old, new=new)
        return
    if set(before.checks) != set(after.checks) or before.required != after.required:
        hidden = tuple(dict.fromkeys((*hidden_users(after.name, pair.old), *hidden_users(after.name, pair.new))))
        if hidden:
            yield Refusal(
                what=f"The domain {after.name} is to check something else than it did.",
                because=f"{', '.join(hidden)} {'hold' if len(hidden) > 1 else 'holds'} values of it inside of others,"
                " and PostgreSQL does not look into those.",
                way_out="Have the check on the tables, or make a new domain and columns of it.",
            )
