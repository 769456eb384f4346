"""What hangs on columns that change places: taken away before and made again after, in the same transaction.

A view, a policy, a trigger knows a column by its number, so it would stay with the column that is set aside. What it
is in the end is the new schema's definition; the rights on it and the comments go with it and are given again. A
function is replaced, with a body that does nothing in between, so that nothing that uses it has to go.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.dialects.postgres.names import ident, qname
from generator.dialects.postgres.recipes.context import Context, other_ref
from generator.dialects.postgres.recipes.definitions import drop_statements, make_statements
from generator.dialects.postgres.recipes.neighbours import narrows, needs_of
from generator.model.change import ColumnDropped, ColumnTypeChanged, GeneratedChanged
from generator.model.facts import Dependent, Key
from generator.model.plan import Ref, Statement
from generator.model.schema import Other, QName, Schema

REBUILT = frozenset(("view", "function", "procedure", "policy", "rule", "trigger", "statistics", "publication table"))
"""Kinds that are made anew at once. Others are refused where they hang on a column that changes places."""

COMES_LATE = ("policy", "rule", "row-level security")
"""Kinds that are made at contract, after columns have changed places."""

_FUNCTIONS = ("function", "procedure")
_BODY = re.compile(r"\n(BEGIN ATOMIC\n.*\nEND| ?RETURN .*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """The objects as they are before and as they are after, each after what it hangs on; with what belongs to them."""

    before: tuple[Other, ...] = ()
    after: tuple[Other, ...] = ()
    belongs_before: tuple[Other, ...] = ()
    belongs_after: tuple[Other, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether the old version of the application counts on something that is not there any more afterwards."""
        after = {(each.kind, each.sql_name): each for each in self.after}
        return any(
            (found := after.get((each.kind, each.sql_name))) is None or narrows(each, found) for each in self.before
        )

    def taken_away(self, *, back: bool = False) -> tuple[Statement, ...]:
        """The statements that take them away, the last first."""
        objects = self.after if back else self.before
        emptied = [each for each in objects if each.kind in _FUNCTIONS and _BODY.search(each.definition)]
        statements: list[Statement] = [statement for each in emptied for statement in _emptied(each)]
        for each in reversed(objects):
            if each.kind not in _FUNCTIONS:
                statements += drop_statements(each)
        return tuple(statements)

    def made_again(self, *, back: bool = False) -> tuple[Statement, ...]:
        """The statements that make them, functions after what they speak of."""
        objects, belongs = (self.before, self.belongs_before) if back else (self.after, self.belongs_after)
        gone = self.after if back else self.before
        plain = [each for each in objects if each.kind not in _FUNCTIONS]
        statements: list[Statement] = []
        for each in (*plain, *(each for each in objects if each.kind in _FUNCTIONS), *belongs):
            statements += make_statements(each)
        kept = {(each.kind, each.sql_name) for each in objects}
        for each in reversed(gone):
            if each.kind in _FUNCTIONS and (each.kind, each.sql_name) not in kept:
                statements += drop_statements(each)
        return tuple(statements)


def rebuild_of(columns: Iterable[tuple[QName, str, str]], context: Context) -> Rebuild:
    """What has to be made anew around these columns, each given by table, old name and new name."""
    columns = tuple(columns)
    told = [found for table, old, _ in columns for found in context.facts.dependents.get((table, old), ())]
    ahead = [found for table, _, new in columns for found in context.facts.dependents_ahead.get((table, new), ())]
    old = _found(context.before)
    new = _found(context.new)
    before = [(each.kind, each.name) for each in _once(told)]
    after = [(each.kind, context.types.text(each.name)) for each in _once(ahead)]
    # What hangs on the columns in one schema only is there in the other one all the same, and under all the rest.
    lacking = [key for key in before if key not in after and key in new]
    more = [key for key in after if key not in before and (key in old or key[0] not in COMES_LATE)]
    before, after = more + before, lacking + [key for key in after if key in old or key[0] not in COMES_LATE]
    rebuilt_before = tuple(old.get(key) or new[key] for key in before if key in old or key in new)
    rebuilt_after = tuple(new[key] for key in after if key in new)
    return Rebuild(
        before=rebuilt_before,
        after=rebuilt_after,
        belongs_before=tuple(_belonging(rebuilt_before, (*context.new.others, *context.old.others))),
        belongs_after=tuple(_belonging(rebuilt_after, context.new.others)),
    )


def by_former_names(table: QName, old: str, new: str, context: Context) -> tuple[Other, ...]:
    """Objects around a column which qualify columns by the name that a renamed table had.

    Made anew under the table's new name they would have an alias, and keep it when the name comes back.
    """
    former = [ident(before.name) for before, after in context.renamed_tables.items() if before.name != after.name]
    found = rebuild_of(((table, old, new),), context).before if former else ()
    qualified = [re.compile(rf"(?<![\w$\".]){re.escape(name)}\.") for name in former]
    return tuple(each for each in found if any(pattern.search(each.definition) for pattern in qualified))


def needs_around(rebuild: Rebuild, context: Context) -> tuple[Ref, ...]:
    """What the new definitions speak of, but for each other."""
    mine = {other_ref(each) for each in (*rebuild.before, *rebuild.after)}
    return tuple(dict.fromkeys(ref for each in rebuild.after for ref in needs_of(each, context) if ref not in mine))


def hangs_on_retyped(other: Other, context: Context) -> bool:
    """Whether it is made anew with a column that gets another type."""
    key = (other.kind, other.sql_name)
    return any(
        key == (found.kind, context.types.text(found.name))
        for each in context.changes
        if isinstance(each, ColumnTypeChanged)
        for found in (
            *context.facts.dependents.get((each.table, each.old.name), ()),
            *context.facts.dependents_ahead.get((each.table, each.new.name), ()),
        )
    )


def computed_otherwise(context: Context) -> frozenset[Key]:
    """The generated columns that go in the same change, or get another expression or none."""
    gone = ((each.table, each.column.name) for each in context.changes if isinstance(each, ColumnDropped))
    changed = ((each.table, each.new.name) for each in context.changes if isinstance(each, GeneratedChanged))
    return frozenset(_generated(table, name) for table, name in (*gone, *changed))


def computed_from(table: QName, column: str, context: Context) -> tuple[str, ...]:
    """The columns that go, or change places, and that this generated column of the old schema is computed from."""
    key = _generated(table, column)
    return tuple(
        name
        for (place, name), found in context.facts.dependents.items()
        if place == table and any((each.kind, each.name) == key for each in found)
    )


def _generated(table: QName, column: str) -> Key:
    return "generated column", f"{qname(table)}.{ident(column)}"


def _found(schema: Schema) -> dict[tuple[str, str], Other]:
    return {(each.kind, each.sql_name): each for each in schema.others}


def _once(dependents: Iterable[Dependent]) -> tuple[Dependent, ...]:
    return tuple(dict.fromkeys(each for each in dependents if each.kind in REBUILT))


def _belonging(objects: Iterable[Other], others: Iterable[Other]) -> Iterator[Other]:
    """Rights on the objects and comments on them, which go with them; a replaced function keeps its own."""
    names = set()
    for each in objects:
        if each.kind == "view":
            names |= {f"table {each.sql_name}", f"on view {each.sql_name}"}
        elif each.kind not in _FUNCTIONS:
            names |= {f"on {each.kind} {each.sql_name}", f"on statistics object {each.sql_name}"}
    views = tuple(each.sql_name for each in objects if each.kind == "view")
    seen = set()
    for other in others:
        if other.kind not in ("rights", "comment") or (other.kind, other.sql_name) in seen:
            continue
        inside = any(other.sql_name.startswith((f"{view}.", f"on view column {view}.")) for view in views)
        if other.sql_name in names or inside:
            seen.add((other.kind, other.sql_name))
            yield other


def _emptied(function: Other) -> Iterator[Statement]:
    """The function with a body that uses nothing: what it used can go, and what uses the function need not."""
    yield Statement(sql="SET LOCAL check_function_bodies = off")
    yield Statement(sql=_BODY.sub("\nAS ''", function.definition))
