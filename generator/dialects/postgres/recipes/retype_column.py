"""Another type, or collation, for a column.

Between types that store the same bytes ALTER TYPE is a change in the catalog; which they are is seen on the scratch
server (Facts.retypes), not guessed. Any other type would rewrite the table under a lock that stops the application. So
the new type is a second column, kept the same as the first by a trigger and filled in batches; its indexes and
constraints are built beside those of the first, and at contract the two change names in one short transaction.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.expressions import with_column
from generator.dialects.postgres.locks import access_exclusive
from generator.dialects.postgres.names import aside, ident, literal, qname
from generator.dialects.postgres.recipes import rehang
from generator.dialects.postgres.recipes.context import (
    Context,
    action,
    filled_ref,
    is_row,
    needs_of_column,
    other_ref,
    shown,
    stop_if,
)
from generator.dialects.postgres.recipes.dependents import needs_around, rebuild_of
from generator.dialects.postgres.recipes.fill_column import copy_column
from generator.dialects.postgres.recipes.mirror import add_mirrored, mirror_of, value_of_empty
from generator.dialects.postgres.recipes.moved_column import type_text
from generator.dialects.postgres.recipes.require_column import require_column
from generator.dialects.postgres.recipes.swap_columns import swap_columns
from generator.dialects.postgres.recipes.swaps import swap_of
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import columns
from generator.diff.replaced import name_of
from generator.model.answers import key_of
from generator.model.change import ColumnTypeChanged
from generator.model.plan import Mirror, Offenders, Ref, Stage, Statement, Step, Template, Undo
from generator.model.schema import Column, EnumType, QName, Table


def retype_column(change: ColumnTypeChanged, context: Context) -> Iterator[Step]:
    """In the catalog where the bytes stay, else through a second column."""
    fact = context.facts.retypes[change.table, change.new.name]
    yield from _through_second_column(change, context) if fact.rewrites else _in_place(change, context)


def _in_place(change: ColumnTypeChanged, context: Context) -> Iterator[Step]:
    """At expand: what the old version writes fits. A CHECK that uses the column is read again under the lock."""
    table, old, new = context.new.table(change.table), change.old, change.new
    back = context.facts.retypes[table.name, new.name].rewrites_back
    checked = any(new.name in check.columns for check in context.old_table(table.name).checks)
    others = tuple(_tied(table.name, old.name, context))
    lock = rehang.locked((table.name,), others, context)
    ties = [access_exclusive(each.table) for each in others]
    ties += [access_exclusive(each.before.references) for each in others if each.before is not None]

    def alter(column: Column, *, rewrites: bool) -> Statement:
        plain = columns.alter_type(table.name, column, None, rewrites=rewrites, scans=checked)
        read = tuple(dict.fromkeys((*plain.scans, *(tie.table for tie in ties)))) if rewrites else plain.scans
        return replace(plain, locks=tuple(dict.fromkeys((*plain.locks, *ties))), scans=read)

    around = rebuild_of(((table.name, old.name, new.name),), context)
    step = Step(
        stage=Stage.CONTRACT if around.is_late else Stage.EXPAND,
        purpose=f"Change the type of {table.name}.{new.name} from {type_text(old, context)}"
        f" to {type_text(new, context)}.",
        run=(
            action(
                (
                    *lock,
                    *around.taken_away(),
                    alter(new, rewrites=False),
                    *around.made_again(),
                ),
                _is_of(table.name, new),
            ),
        ),
        undo=Undo(
            actions=(
                action(
                    (
                        *lock,
                        *around.taken_away(back=True),
                        alter(old, rewrites=back),
                        *around.made_again(back=True),
                    ),
                    _is_of(table.name, old),
                ),
            ),
            loses=f"values that do not fit {type_text(old, context)} and were written since: it stops until they are"
            f" corrected{'; rewrites the table while nobody can use it' if back else ''}",
        ),
        makes=tuple(other_ref(each) for each in around.after),
        needs=(*needs_of_column(table.name, new, context.new), *needs_around(around, context)),
        waits=True,
    )
    yield needs_window(step, table.name, f"a check on {new.name} is read again under the lock")


def _tied(table: QName, name: str, context: Context) -> Iterator[rehang.Hung]:
    """The foreign keys of the column and those that refer to it: PostgreSQL makes them anew, without reading a row."""
    for each in context.old.tables:
        mine = context.renamed_tables.get(each.name, each.name)
        for key in each.foreign_keys:
            theirs = context.renamed_tables.get(key.references, key.references)
            if (mine == table and name in key.columns) or (theirs == table and name in key.referenced_columns):
                yield rehang.Hung(table=mine, before=replace(key, references=theirs), after=None)


def _through_second_column(change: ColumnTypeChanged, context: Context) -> Iterator[Step]:
    """Second column, mirror and copy; with the last column of its swap, the swap."""
    table, old, new = context.new.table(change.table), change.old, change.new
    second = aside(new.name, "new")
    mirror = mirror_of(table, old, new, second, context)
    accepted = key_of(table.name, new.name) in context.answers.loses
    if not accepted:
        yield from _survives(table, change, mirror, context)
    yield from add_mirrored(table, new, mirror, context)
    yield from copy_column(table, replace(new, name=second), mirror, context)
    if not accepted:
        yield _arrived(table, change, second, context)
    if not new.nullable:
        yield from require_column(table, second, context, row=is_row(new.type, context))
    swap = swap_of(change.table, new.name, context)
    if swap is not None and swap.changes[-1] == change:
        yield from swap_columns(swap, context)


def _survives(table: Table, change: ColumnTypeChanged, mirror: Mirror, context: Context) -> Iterator[Step]:
    """Stops at values that come back as others: a cast to a shorter or coarser type cuts and rounds without a word."""
    old, new = change.old, change.new
    before = context.old_table(table.name)
    there = probes.either(
        probes.column(table.name, aside(old.name, "dropped")), probes.absent(probes.column(table.name, old.name))
    )
    values = context.types.lost_values(old.type, new.type)
    if values is not None:
        if values:
            gate = stop_if(
                Stage.EXPAND,
                table.name,
                f"Rows of {table.name} have a value of {new.name} that {context.types.said(new.type)} loses",
                f"SELECT {shown(before, (old.name,))} FROM {qname(table.name)} AS this"
                f" WHERE {_has_one(f'this.{ident(old.name)}', old.type, values)}",
                _lost_way_out(table, change, context),
                there,
                context,
            )
            # A value that is added stays: so not before it is known that the rest can follow.
            replaced = context.types.of(new.type)
            assert replaced is not None
            yield replace(gate, makes=(Ref(kind="values kept", of=name_of(replaced)),))
        return
    if mirror.back is None:
        return
    compared = "::text" if mirror.by_text else ""
    forth = f"(SELECT {mirror.forward} AS gm_value)"
    back = with_column(mirror.back, mirror.new_column, "gm_value")
    given = f"this.{ident(old.name)} IS NOT NULL AND " if value_of_empty(table, new, context) is not None else ""
    gate = stop_if(
        Stage.EXPAND,
        table.name,
        f"Values of {table.name}.{new.name} would be changed by making them {type_text(new, context)}",
        f"SELECT {shown(before, (old.name,))} FROM {qname(table.name)} AS this"
        f" CROSS JOIN LATERAL {forth} AS that"
        f" WHERE {given}({back}){compared} IS DISTINCT FROM this.{ident(old.name)}{compared}",
        f'Correct these rows, or accept the loss: [accept] loses = ["{key_of(table.name, new.name)}"].',
        there,
        context,
    )

    computed = f"(SELECT {back} FROM {forth} AS that)"
    yield _naming_each(gate, computed, shown(before, (old.name,)))


def _naming_each(gate: Step, computed: str, names: str) -> Step:
    """The gate, for a query that computes what some row may have no value for: the rows are named then as well."""
    statement = gate.run[0].statements[0]
    assert isinstance(statement.sql, Template)
    assert isinstance(statement.sql.subject, Offenders)
    subject = replace(statement.sql.subject, computed=computed, shown=names)
    return replace(
        gate, run=(replace(gate.run[0], statements=(replace(statement, sql=replace(statement.sql, subject=subject)),)),)
    )


def _has_one(column: str, type_text: str, values: tuple[str, ...]) -> str:
    """SQL: the enum column holds one of the values, or an array of them does."""
    listed = ", ".join(literal(value) for value in values)
    if type_text.endswith("[]"):
        return f"{column}::text[] && ARRAY[{listed}]::text[]"
    return f"{column}::text IN ({listed})"


def _lost_way_out(table: Table, change: ColumnTypeChanged, context: Context) -> str:
    correct = "Correct these rows"
    replaced = context.types.of(change.new.type)
    if replaced is not None and isinstance(replaced.old, EnumType):
        correct += f', say what their value becomes: [enum."{key_of(replaced.old.name)}"] map = {{ old = "new" }}'
    return f'{correct}, or accept the loss: [accept] loses = ["{key_of(table.name, change.new.name)}"].'


def _arrived(table: Table, change: ColumnTypeChanged, second: str, context: Context) -> Step:
    """Stops at what the old version has written since expand and the trigger could not make anything of."""
    old, new = change.old, change.new
    # IS NULL would look at the attributes of a row.
    row = is_row(new.type, context)
    given, missing = ("IS DISTINCT FROM NULL", "IS NOT DISTINCT FROM NULL") if row else ("IS NOT NULL", "IS NULL")
    return stop_if(
        Stage.VALIDATE,
        table.name,
        f"Values of {table.name}.{old.name} cannot be made {type_text(new, context)}",
        f"SELECT {shown(context.old_table(table.name), (old.name,))} FROM {qname(table.name)} AS this"
        f" WHERE this.{ident(old.name)} {given} AND this.{ident(second)} {missing}",
        _lost_way_out(table, change, context),
        probes.absent(probes.column(table.name, second)),
        context,
        filled_ref(table.name, second),
    )


def _is_of(table: QName, column: Column) -> str:
    """Type and collation are the wanted ones."""
    named = (
        "(SELECT quote_ident(n.nspname) || '.' || quote_ident(c.collname) FROM pg_collation c JOIN pg_namespace n"
        " ON n.oid = c.collnamespace WHERE c.oid = attcollation)"
    )
    own = "attcollation = (SELECT typcollation FROM pg_type WHERE oid = atttypid)"
    collation = f" AND {own if column.collation is None else f'{named} = {literal(_qualified(column.collation))}'}"
    return probes.column(table, column.name, f"format_type(atttypid, atttypmod) = {literal(column.type)}{collation}")


def _qualified(collation: str) -> str:
    return collation if "." in collation else f"pg_catalog.{collation}"
