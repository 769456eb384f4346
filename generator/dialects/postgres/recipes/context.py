"""What every recipe may look at, and the small pieces that several of them are made of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generator.dialects.postgres import probes
from generator.dialects.postgres.beside import Beside
from generator.dialects.postgres.names import NAME, aside, helper, ident, literal, qname
from generator.dialects.postgres.recipes.words import mentions, words_of
from generator.dialects.postgres.statements import triggers
from generator.diff.renaming import rename_table
from generator.model.answers import Answers, Backfill
from generator.model.change import (
    Change,
    CheckAdded,
    ExclusionAdded,
    ForeignKeyAdded,
    IndexAdded,
    PrimaryKeyAdded,
    UniqueAdded,
)
from generator.model.facts import Facts
from generator.model.plan import (
    Action,
    NothingToUndo,
    Offenders,
    Pace,
    Ref,
    Stage,
    Statement,
    Step,
    Template,
)
from generator.model.schema import Column, Other, QName, Schema, Table

if TYPE_CHECKING:
    from generator.dialects.postgres.recipes.swaps import Swap


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The two schemas, the answers and the facts: all that a recipe knows."""

    old: Schema
    new: Schema
    answers: Answers
    backfills: Mapping[tuple[QName, str], Backfill]
    facts: Facts
    changes: tuple[Change, ...]
    renamed_tables: Mapping[QName, QName]
    """From the old name to the new one."""
    types: Beside = field(default_factory=Beside)
    """The types that are replaced. ``new`` and ``changes`` speak of the new ones by the names they have meanwhile."""
    swaps: "tuple[Swap, ...]" = ()
    """The retyped columns that change places together."""
    kept: dict[str, object] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out once for the whole plan."""

    @property
    def version(self) -> int:
        """The major version planned for."""
        return self.facts.version

    @property
    def before(self) -> Schema:
        """The old schema, in which tables have the names that they get at expand."""
        schema = self.old
        for old, new in sorted(self.renamed_tables.items()):
            schema = rename_table(schema, old, new)
        return schema

    def old_table(self, table: QName) -> Table:
        """The old table that is called ``table`` in the new schema. Raises KeyError."""
        before = {new: old for old, new in self.renamed_tables.items()}
        return self.old.table(before.get(table, table))

    def was_there(self, table: QName) -> bool:
        """Whether the table that is called ``table`` in the new schema is one of the old schema's."""
        return table in self.renamed_tables.values() or any(each.name == table for each in self.old.tables)

    def finds(self, table: QName, column: str) -> bool:
        """Whether an index that is there before and after gives the highest value of the column without a scan."""
        sides = [self.old_table(table)] if self.was_there(table) else []
        sides += [self.new.table(table)]
        return all(
            any(key.columns[0] == column for key in (*((side.primary_key,) if side.primary_key else ()), *side.uniques))
            or any(
                index.body.startswith(f"USING btree ({ident(column)}") and " WHERE " not in index.body
                for index in side.indexes
            )
            for side in sides
        )

    def name_comes_again(self, table: QName, name: str) -> bool:
        """Whether another index or constraint of the table gets the name of one that goes."""
        added = (IndexAdded, UniqueAdded, PrimaryKeyAdded, CheckAdded, ForeignKeyAdded, ExclusionAdded)
        return any(isinstance(each, added) and each.table == table and _named(each) == name for each in self.changes)

    def name_was_there(self, table: QName, name: str) -> bool:
        """Whether the table had another index or constraint of that name before."""
        if not self.was_there(table):
            return False
        before = self.old_table(table)
        return any(each.name == name for each in (*before.indexes, *before.constraints))

    def helper(self, table: QName, column: str, what: str = "") -> str:
        """The name of a helper object for a column, which is no other column's, of whichever table of the namespace."""
        name = helper(table.name, column)
        like = {
            (each.name.name, other.name)
            for schema in (self.old, self.new)
            for each in schema.tables
            if each.name.schema == table.schema
            for other in each.columns
            if helper(each.name.name, other.name) == name
        }
        return helper(table.name, column, what=what, told_apart=bool(like - {(table.name, column)}))

    def volatile(self, expression: str) -> bool:
        """Whether the expression calls a function that gives another value for each row."""
        called = re.findall(rf"({NAME})\s*\(", expression)
        return any(each.strip('"') in self.facts.volatile_functions for each in called)


def _named(
    change: IndexAdded | UniqueAdded | PrimaryKeyAdded | CheckAdded | ForeignKeyAdded | ExclusionAdded,
) -> str:
    parts = (getattr(change, part, None) for part in ("index", "unique", "check", "exclusion", "key"))
    return next(str(part.name) for part in parts if part is not None)


def action(statements: Iterable[Statement] | Statement, done: str, *refuse: tuple[str, str]) -> Action:
    """An action of one statement or several."""
    together = (statements,) if isinstance(statements, Statement) else tuple(statements)
    return Action(statements=together, done=done, refuse=refuse)


def column_ref(table: QName, name: str) -> Ref:
    """The column itself."""
    return Ref(kind="column", of=table, name=name)


def filled_ref(table: QName, name: str) -> Ref:
    """The column, with a value in every row that exists."""
    return Ref(kind="filled", of=table, name=name)


def table_ref(table: QName) -> Ref:
    """The table."""
    return Ref(kind="table", of=table)


def constraint_ref(table: QName, name: str) -> Ref:
    """The constraint."""
    return Ref(kind="constraint", of=table, name=name)


def hanging_refs(table: QName, names: tuple[str, ...]) -> tuple[Ref, ...]:
    """Something that hung on these columns is gone: so it is built again after they are back."""
    return tuple(Ref(kind="hanging gone", of=table, name=name) for name in names)


def computed_gone(table: QName, name: str) -> Ref:
    """The generated columns that were computed from this one are dropped."""
    return Ref(kind="computed gone", of=table, name=name)


def unique_ref(table: QName, names: tuple[str, ...]) -> Ref:
    """Something that makes these columns unique together, whatever it is called."""
    return Ref(kind="unique", of=table, name=",".join(sorted(names)))


def object_ref(name: QName) -> Ref:
    """A type, a sequence, an extension or a namespace."""
    return Ref(kind="object", of=name)


def other_ref(other: Other) -> Ref:
    """An object that is known by its definition."""
    return Ref(kind="other", of=QName(other.kind, other.name))


def others_in(text: str, schema: Schema) -> tuple[Ref, ...]:
    """The functions and types that a definition may use: they come before it."""
    words = words_of(text)
    kinds = ("function", "aggregate", "domain", "composite type", "range type", "collation", "operator")
    return tuple(other_ref(each) for each in schema.others if each.kind in kinds and mentions(words, each))


def needs_of_column(table: QName, column: Column, schema: Schema) -> tuple[Ref, ...]:
    """The enum of its type and the sequence of its default, where the plan makes them."""
    refs = [object_ref(enum.name) for enum in schema.enums if column.type.removesuffix("[]") == qname(enum.name)]
    default = column.default or ""
    refs += [object_ref(each.name) for each in schema.sequences if literal(qname(each.name)) in default]
    text = f"{column.type} {default} {column.generated.expression if column.generated else ''} {column.collation or ''}"
    return (table_ref(table), *refs, *others_in(text, schema))


def is_row(type_text: str, context: Context) -> bool:
    """Whether a type is a composite one."""
    others = (*context.new.others, *context.old.others)
    return any(each.kind == "composite type" and each.sql_name == type_text for each in others)


def stop_if(
    stage: Stage, table: QName, what: str, query: str, way_out: str, unless: str, context: Context, *needs: Ref
) -> Step:
    """A gate: the script stops, and names the rows, where ``query`` finds any. Nothing is changed by it."""
    offenders = Offenders(
        table=table, what=what, query=query, way_out=way_out, unless=unless, search_path=context.facts.search_path
    )
    gate = Statement(sql=Template(name="offenders.sql.j2", subject=offenders), pace=Pace.SCRIPT)
    return Step(
        stage=stage,
        purpose=f"Stop if {what[0].lower()}{what[1:]}.",
        run=(Action(statements=(gate,), done=unless),),
        undo=NothingToUndo(because="it only reads"),
        needs=needs,
    )


def shown(table: Table, columns: tuple[str, ...], alias: str = "this") -> str:
    """SQL for one text which names a row by its key and shows ``columns``: ``id = '7', email = 'x'``."""
    key = table.primary_key.columns if table.primary_key else ()
    names = tuple(dict.fromkeys((*key, *columns)))
    parts = (f"{literal(ident(name) + ' = ')} || quote_nullable({ident(alias)}.{ident(name)})" for name in names)
    return " || ', ' || ".join(parts)


def switch_off(table: QName, function: QName) -> Action:
    """Ends what a trigger of the same name does, at once; the trigger itself is dropped when there is a moment."""
    off = probes.function_body_is(function, triggers.OFF)
    return action(
        triggers.switch_off(function), probes.either(probes.absent(probes.trigger(table, function.name)), off)
    )


def works(table: QName, function: QName) -> str:
    """The trigger of the function's name is there, and has not been switched off."""
    return probes.both(
        probes.trigger(table, function.name), probes.absent(probes.function_body_is(function, triggers.OFF))
    )


def clear_index(table: QName, name: str, *, unique: bool, body: str) -> Action:
    """Drops what an interrupted concurrent build left; refuses where another index stands under the name."""
    from generator.dialects.postgres.statements.indexes import drop_index

    other = (
        f"{probes.relation(QName(table.schema, name))}"
        f" AND NOT {probes.index_is(table, name, unique=unique, body=body, valid_only=False)}"
    )
    return action(
        drop_index(table, name),
        probes.absent(probes.index_invalid(table, name)),
        (other, f"{name} is there, but it is not the index that is wanted: rename or drop it first"),
    )


def build_index(table: QName, name: str, *, unique: bool, body: str) -> tuple[Action, ...]:
    """An index built while the application goes on, left-overs of an interrupted build put away first."""
    from generator.dialects.postgres.statements.indexes import create_index_concurrently

    return (
        clear_index(table, name, unique=unique, body=body),
        action(
            create_index_concurrently(table, name, unique=unique, body=body),
            probes.index_is(table, name, unique=unique, body=body),
        ),
    )


def remove_index(table: QName, name: str, *, unique: bool, body: str, replaced: bool) -> tuple[Action, ...]:
    """Drops an index while the application works.

    DROP INDEX CONCURRENTLY cannot ask whose name it drops: where another index had, and gets back, the same name, the
    one that goes is renamed first, if it is that one.
    """
    from generator.dialects.postgres.statements.indexes import drop_index_concurrently, rename_index

    named = aside(name, "new") if replaced else name
    drop = action(drop_index_concurrently(table, named), probes.absent(probes.relation(QName(table.schema, named))))
    if not replaced:
        return (drop,)
    # The old one is still aside, so what has the name is the new one, even where both are alike.
    is_it = (
        f"({probes.index_free(table, name, unique=unique, body=body)}"
        f" AND {probes.relation(QName(table.schema, aside(name, 'old')))})"
    )
    return (action(rename_index(table, name, named), probes.absent(is_it)), drop)


def aside_ref(table: QName, name: str) -> Ref:
    """The name is free, since what had it was renamed aside."""
    return Ref(kind="aside", of=table, name=name)
