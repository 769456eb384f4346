"""Where a script or a folder of migrations ends, against the schema in which it should."""

from collections.abc import Mapping
from dataclasses import replace

from generator.check.judge import Judge
from generator.model.answers import key_of
from generator.model.check import Place
from generator.model.schema import Constraint, Index, QName, Schema, Table
from generator.prove.state import differences


def judge_result(
    judge: Judge, new: Schema, seen: Schema, made: Mapping[QName, Place], otherwise: Place, called: str
) -> None:
    """Findings for all in which ``seen``, where it ends, is not ``new``.

    ``made`` says where what was made, ``otherwise`` is the place of all else; ``called`` is what ended there.
    """
    renamed = _by_other_names(new, seen)
    for table, wanted, got, kind in renamed:
        where = replace(made.get(QName(table.schema, got), otherwise), object=key_of(table, got))
        judge.find(
            "name-differs",
            f"{kind} of {table} is called {got}; the schema calls it {wanted}.",
            effect="The next comparison finds a difference, and a statement that names it by the schema's name fails.",
            way_out=f"Give it its name: CONSTRAINT {wanted}." if kind != "An index" else f"Call it {wanted}.",
            where=where,
        )
    apart = {(table, name) for table, wanted, got, _ in renamed for name in (wanted, got)}
    for what, expected, got in differences(new, seen):
        if any(what.startswith(f"table {table}, ") and what.endswith(f" {name}") for table, name in apart):
            continue
        judge.find(
            "migration-differs",
            f"{what}: the schema has {_or_nothing(expected)}, {called} ends with {_or_nothing(got)}.",
            effect="The database would not be what the application's schema says.",
            way_out="Correct the script, or let gen-migration write it.",
            where=_place(what, made, otherwise),
        )


def _or_nothing(text: str) -> str:
    return "nothing" if text == "-" else text


def _place(what: str, made: Mapping[QName, Place], otherwise: Place) -> Place:
    name = what.rpartition(" ")[2]
    found = next((place for each, place in made.items() if each.name == name), otherwise)
    return replace(found, object=what)


def _by_other_names(new: Schema, seen: Schema) -> list[tuple[QName, str, str, str]]:
    """Table, wanted name, name that was seen, and the kind of what is the same but for its name."""
    found = []
    tables = {table.name: table for table in seen.tables}
    for table in new.tables:
        other = tables.get(table.name)
        if other is None:
            continue
        for wanted, got in _pairs(table, other):
            found.append((table.name, wanted.name, got.name, _kind(wanted)))
    return found


def _pairs(new: Table, seen: Table) -> list[tuple[Constraint | Index, Constraint | Index]]:
    found: list[tuple[Constraint | Index, Constraint | Index]] = []
    for wanted_ones, seen_ones in ((new.constraints, seen.constraints), (new.indexes, seen.indexes)):
        missing = [each for each in wanted_ones if each.name not in {one.name for one in seen_ones}]
        more = [each for each in seen_ones if each.name not in {one.name for one in wanted_ones}]
        for wanted in missing:
            alike = next((each for each in more if _alike(wanted, each)), None)
            if alike is not None:
                more = [each for each in more if each is not alike]
                found.append((wanted, alike))
    return found


def _alike(one: Constraint | Index, other: Constraint | Index) -> bool:
    if isinstance(one, Index) or isinstance(other, Index):
        return isinstance(one, Index) and isinstance(other, Index) and one.body == other.body
    return type(one) is type(other) and one.definition == other.definition


def _kind(thing: Constraint | Index) -> str:
    if isinstance(thing, Index):
        return "An index"
    words = {"ForeignKey": "The reference", "Unique": "The unique constraint", "PrimaryKey": "The primary key"}
    return words.get(type(thing).__name__, f"The {type(thing).__name__.lower()} constraint")
