"""One retyped column in the swap: what its second column takes over from it, and gives back.

The old column is kept until cleanup and filled from the new one, as far as its type holds what is written: so it may be
NULL after contract, and the way back stops at rows whose values it could not hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import aside, automatic_name, ident, qname
from generator.dialects.postgres.recipes.context import Context, is_row, shown, stop_if
from generator.dialects.postgres.recipes.definitions import make_statements
from generator.dialects.postgres.recipes.mirror import (
    defaults_of,
    drop_mirrored,
    function_of,
    mirror_of,
    moved,
    settled,
    value_of_empty,
)
from generator.dialects.postgres.recipes.numbers import Numbers, numbers_of
from generator.dialects.postgres.recipes.require_column import is_null, required_actions
from generator.dialects.postgres.statements import columns, constraints
from generator.dialects.postgres.versions import has_not_null_not_valid
from generator.model.answers import key_of
from generator.model.change import ColumnOptional, ColumnTypeChanged
from generator.model.plan import Action, Mirror, Stage, Statement, Step
from generator.model.schema import Column, Other, QName

_OF_COLUMNS = ("rights", "column statistics", "column storage", "column compression")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedColumn:
    """``mirror`` is as it is before, ``swapped`` as it is after; ``others`` are the new column's rights and settings.

    ``stays_required`` says that the old column is NOT NULL until contract, ``was_row`` that its type is composite;
    ``fit`` stops the way back where it has to stop; ``given`` gives the new column its default, and ``taken`` takes it;
    ``old_type`` and ``new_type`` are as people are shown them.
    """

    table: QName
    old: Column
    new: Column
    second: str
    kept: str
    mirror: Mirror
    numbers: Numbers
    others: tuple[Other, ...]
    stays_required: bool
    was_row: bool
    version: int
    fit: Action
    old_type: str
    new_type: str
    swapped: Mirror
    given: tuple[Statement, ...]
    taken: tuple[Statement, ...]

    def forth(self) -> Iterator[Statement]:
        """Names change places, the trigger follows, and what the application counts on goes to the new column."""
        table = self.table
        yield columns.rename_column(table, self.old.name, self.kept)
        yield columns.rename_column(table, self.second, self.new.name)
        yield function_of(self.swapped)
        yield from self.numbers.forth(table, self.kept, self.new.name)
        if self.old.default is not None:
            yield columns.set_default(table, self.kept, None)
        if self.stays_required:
            yield columns.drop_not_null(table, self.kept)
        yield from self.given
        if not self.new.nullable:
            yield from self._named(self.new.name)
        for other in self.others:
            yield from make_statements(other)

    def back(self) -> Iterator[Statement]:
        """The same the other way."""
        table = self.table
        yield from self.taken
        yield columns.rename_column(table, self.new.name, self.second)
        yield columns.rename_column(table, self.kept, self.old.name)
        if not self.new.nullable:
            yield from self._named(self.second)
        yield function_of(self.mirror)
        yield from self.numbers.back(table, self.old.name, self.second)
        if self.old.default is not None:
            yield columns.set_default(table, self.old.name, self.old.default)
        if self.stays_required:
            yield from self._named(self.old.name)

    def before_back(self, swapped: str) -> Iterator[Action]:
        """What has to hold before the way back: the old column has the values, and is NOT NULL again."""
        yield self.fit
        if self.stays_required:
            for each in required_actions(self.table, self.kept, self.version, row=self.was_row):
                yield replace(each, done=probes.either(each.done, probes.absent(swapped)))

    def dropped(self, *before: Action) -> Step:
        """In cleanup."""
        return drop_mirrored(self.table, self.kept, self.new.name, self.mirror, *before)

    def _named(self, column: str) -> Iterator[Statement]:
        """PostgreSQL 18 keeps the name of a NOT NULL constraint, which speaks of another column's name by then."""
        if has_not_null_not_valid(self.version):
            yield constraints.name_not_null(self.table, column, automatic_name(self.table.name, column, "not_null"))


def moved_column(change: ColumnTypeChanged, context: Context) -> MovedColumn:
    """All that the swap has to know of one column."""
    table, old, new = change.table, change.old, change.new
    second, kept = aside(new.name, "new"), aside(old.name, "dropped")
    optional = any(
        isinstance(each, ColumnOptional) and (each.table, each.column.name) == (table, new.name)
        for each in context.changes
    )
    before = context.old_table(table)
    in_key = before.primary_key is not None and old.name in before.primary_key.columns
    stays_required = not old.nullable and (in_key or not optional)
    mirror = mirror_of(context.new.table(table), old, new, second, context)
    swapped = settled(moved(moved(mirror, old.name, kept), second, new.name), context)
    given, taken = defaults_of(table, new, context)
    return MovedColumn(
        table=table,
        old=old,
        new=new,
        second=second,
        kept=kept,
        mirror=mirror,
        swapped=replace(swapped, lenient=True),
        numbers=numbers_of(table, old, new, context),
        others=tuple(
            each
            for each in context.new.others
            if each.kind in _OF_COLUMNS
            and each.table == table
            and (
                each.name in (f"{table}.{ident(new.name)}", f"{table}.{new.name}")
                or each.sql_name == f"{qname(table)}.{ident(new.name)}"
            )
        ),
        stays_required=stays_required,
        was_row=is_row(old.type, context),
        version=context.version,
        fit=fits_again(table, old, new, kept, context, required=stays_required),
        old_type=type_text(old, context),
        new_type=type_text(new, context),
        given=tuple(given),
        taken=tuple(taken),
    )


def type_text(column: Column, context: Context) -> str:
    """The type as people are shown it."""
    said = context.types.said(column.type)
    if said != column.type:
        return f"the new {said}"
    return f"{column.type} COLLATE {column.collation}" if column.collation else column.type


def fits_again(
    table: QName, old: Column, new: Column, kept: str, context: Context, *, required: bool = False
) -> Action:
    """Stops the way back at rows whose values the old column could not hold.

    ``required`` says that it is NOT NULL as soon as it has its name again.
    """
    lost = f"this.{ident(kept)} {is_null(old.type, context)}"
    if (old.nullable or new.nullable) and not required:
        lost += f" AND NOT (this.{ident(new.name)} {is_null(new.type, context)})"
        filled = value_of_empty(context.new.table(table), new, context)
        if filled is not None:  # what the trigger gives a row that has nothing is nothing again
            lost += f" AND this.{ident(new.name)}::text IS DISTINCT FROM (({filled})::{new.type})::text"
        if key_of(table, new.name) in context.answers.loses:
            lost += " AND false"
    step = stop_if(
        Stage.CONTRACT,
        table,
        f"Values of {table}.{new.name} cannot be made {type_text(old, context)} again",
        f"SELECT {shown(context.new.table(table), (new.name,))} FROM {qname(table)} AS this WHERE {lost}",
        f"Give these rows values that {type_text(old, context)} holds, then run this file again.",
        probes.absent(probes.column(table, kept)),
        context,
    )
    return step.run[0]
