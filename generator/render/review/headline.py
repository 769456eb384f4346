"""What changes, in one sentence: ``customers gains user_id (uuid, required, unique, refers to users)``."""

from collections.abc import Iterable, Mapping, Sequence

from generator.model import change as c
from generator.model.schema import Column, QName
from generator.render.grouping import named
from generator.render.review.picture import short

_MOST_TABLES = 3
_MOST_FACTS = 5
_MOST_CHARACTERS = 240
_MOST_NAMES = 4


def headline(changes: Sequence[c.Change]) -> str:
    """One sentence with its full stop: every fact where there are few, else how many there are of each kind."""
    if not changes:
        return "Nothing changes."
    facts: dict[str, dict[str, list[str]]] = {}
    for what, verb, thing in _facts(changes):
        facts.setdefault(what, {}).setdefault(verb, []).append(thing)
    if len(facts) <= _MOST_TABLES and all(sum(map(len, each.values())) <= _MOST_FACTS for each in facts.values()):
        said = "; ".join(f"{what} {_verbs(verbs)}" for what, verbs in facts.items()) + "."
        if len(said) <= _MOST_CHARACTERS:
            return said[0].upper() + said[1:] if said.startswith("the ") else said
    return _counted(changes, list(facts))


_Fact = tuple[str, str, str]
"""A table (or another object), what happens to it, and what of it: ``customers``, ``gains``, ``user_id``."""


def _verbs(verbs: Mapping[str, Sequence[str]]) -> str:
    parts = [f"{verb} {_and(_once(things))}".strip() for verb, things in verbs.items()]
    return f"{', '.join(parts[:-1])}, and {parts[-1]}" if len(parts) > 1 else parts[0]


def _once(things: Sequence[str]) -> list[str]:
    return [
        thing if things.count(thing) == 1 else f"{things.count(thing)} {thing.split(' ', 1)[1]}s"
        for thing in dict.fromkeys(things)
    ]


def _facts(changes: Sequence[c.Change]) -> Iterable[_Fact]:
    """What happens to what; what belongs to a new column goes with that."""
    said: set[int] = set()
    for change in changes:
        if isinstance(change, c.ColumnAdded):
            said.update(id(each) for each in changes if _belongs(each, change))
    for change in changes:
        if id(change) in said:
            continue
        if isinstance(change, c.ColumnAdded):
            yield str(change.table), "gains", _gained(change, changes)
        else:
            yield _fact(change)


def _belongs(change: c.Change, added: c.ColumnAdded) -> bool:
    alone = (added.column.name,)
    match change:
        case c.UniqueAdded(table=table, unique=unique):
            return table == added.table and unique.columns == alone
        case c.ForeignKeyAdded(table=table, key=key):
            return table == added.table and key.columns == alone
        case _:
            return False


def _gained(added: c.ColumnAdded, changes: Sequence[c.Change]) -> str:
    own = [each for each in changes if _belongs(each, added)]
    words = [short(added.column.type), *(() if added.column.nullable else ("required",))]
    words += ["unique" for each in own if isinstance(each, c.UniqueAdded)]
    words += [f"refers to {each.key.references}" for each in own if isinstance(each, c.ForeignKeyAdded)]
    return f"{added.column.name} ({', '.join(words)})"


def _fact(change: c.Change) -> _Fact:
    match change:
        case c.TableAdded(table=table):
            return str(table.name), f"is new, with {len(table.columns)} column{'s' * (len(table.columns) != 1)}", ""
        case c.TableDropped(table=table):
            return str(table.name), "goes", ""
        case c.TableRenamed(old=before, table=table):
            return str(before), "is called", str(table.name)
        case c.ColumnDropped(table=of, column=column):
            return str(of), "loses", column.name
        case c.ColumnRenamed(table=of, old=before, new=after):
            return str(of), "calls", f"{before.name} {after.name}"
        case c.ColumnTypeChanged(table=of, old=before, new=after):
            return str(of), "turns", f"{after.name} from {_type(before)} into {_type(after)}"
        case c.ColumnRequired(table=of, column=column):
            return str(of), "requires", column.name
        case c.ColumnOptional(table=of, column=column):
            return str(of), "no longer requires", column.name
        case c.DefaultChanged(table=of, new=after):
            return str(of), f"has {'no' if after.default is None else 'another'} default for", after.name
        case c.EnumValueAdded(enum=enum, value=value):
            return f"the enum {enum}", "gains", value
        case _:
            return _of_other(change)


def _of_other(change: c.Change) -> _Fact:
    """What is not about a column: told by its kind, and ``describe`` tells the rest."""
    kind = _kind(change)
    verbs = {"Added": "gains", "Dropped": "loses", "Changed": "changes", "Renamed": "renames"}
    ending = next((each for each in verbs if type(change).__name__.endswith(each)), "Changed")
    article = "an" if kind[0] in "aeio" or (kind.startswith("un") and not kind.startswith("unique")) else "a"
    table = getattr(change, "table", None)
    return str(table) if isinstance(table, QName) else "the schema", verbs[ending], f"{article} {kind}"


def _kind(change: c.Change) -> str:
    """The kind of thing, from the name of the change: ``IndexAdded`` is about an ``index``."""
    other = getattr(change, "other", None) or getattr(change, "new", None)
    if type(change).__name__.startswith("Other"):
        return str(getattr(other, "kind", "object"))
    name = type(change).__name__
    for ending in ("Added", "Dropped", "Changed", "Renamed", "Required", "Optional"):
        name = name.removesuffix(ending)
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return {"unique": "unique constraint", "check": "check constraint", "exclusion": "exclusion constraint"}.get(
        words, words
    )


def _counted(changes: Sequence[c.Change], names: list[str]) -> str:
    kinds = (
        ("table added", "tables added", c.TableAdded),
        ("table dropped", "tables dropped", c.TableDropped),
        ("table renamed", "tables renamed", c.TableRenamed),
        ("column added", "columns added", c.ColumnAdded),
        ("column dropped", "columns dropped", c.ColumnDropped),
        ("column renamed", "columns renamed", c.ColumnRenamed),
        ("column of another type", "columns of another type", c.ColumnTypeChanged),
        ("column required", "columns required", c.ColumnRequired),
        ("foreign key added", "foreign keys added", c.ForeignKeyAdded),
    )
    counts = [(sum(isinstance(each, kind) for each in changes), one, many) for one, many, kind in kinds]
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    left = len(changes) - sum(count for count, _, _ in counts)
    if left:
        parts.append(f"{left} other change{'s' * (left != 1)}")
    verb = "changes" if len(names) == 1 else "change"
    return f"{named(names, _MOST_NAMES)} {verb}: {_and(parts)}."


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _type(column: Column) -> str:
    return f"{short(column.type)} COLLATE {column.collation}" if column.collation else short(column.type)
