"""Generated columns: how a column's expression changes, comes or goes.

A stored expression is computed for every row when it is set, and PostgreSQL rewrites the table for it: there is no
other way. Only dropping the expression is a change in the catalog.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.locks import access_exclusive
from generator.dialects.postgres.names import literal
from generator.dialects.postgres.publications import has_member
from generator.dialects.postgres.recipes.comments import said_again
from generator.dialects.postgres.recipes.context import Context, action, hanging_refs, needs_of_column
from generator.dialects.postgres.recipes.dependents import computed_from
from generator.dialects.postgres.recipes.windows import loses, needs_window
from generator.dialects.postgres.statements import columns
from generator.dialects.postgres.versions import has_set_expression
from generator.model.answers import key_of
from generator.model.change import GeneratedChanged
from generator.model.plan import Stage, Statement, Step, Undo
from generator.model.schema import Column, QName


def change_generated(change: GeneratedChanged, context: Context) -> Iterator[Step]:
    """At contract, when only the new version is there: either version writes, or leaves out, the column."""
    table, old, new = change.table, change.old, change.new
    statements = _statements(table, old, new, context)
    step = Step(
        stage=Stage.CONTRACT,
        purpose=_purpose(table, new),
        run=(action(statements, _is(table, new)), *said_again(table, new)),
        undo=_undo(table, old, new, context),
        # First, so that on the way back what it was computed from is there again.
        makes=hanging_refs(table, computed_from(table, old.name, context)),
        needs=needs_of_column(table, new, context.new),
    )
    if old.generated is None:
        what = f"The values of {table}.{new.name} are replaced by computed ones."
        step = loses(step, key_of(table, new.name), what, "A generated column holds nothing but what is computed.")
    read = dict.fromkeys(each for statement in statements for each in statement.scans if each != table)
    keys = f", and reads {' and '.join(map(str, read))} for the foreign keys" if read else ""
    yield needs_window(step, table, f"computing the stored generated column {new.name} rewrites the table{keys}")


def _purpose(table: QName, new: Column) -> str:
    if new.generated is None:
        return f"Make {table}.{new.name} a plain column that keeps its values."
    return f"Generate {table}.{new.name} always as {new.generated.expression}."


def _is(table: QName, column: Column) -> str:
    kind = "" if column.generated is None else "s" if column.generated.stored else "v"
    expression = column.default if column.generated is None else column.generated.expression
    return probes.both(
        probes.column(table, column.name, f"attgenerated = {literal(kind)}"),
        probes.default_is(table, column.name, expression),
    )


def _undo(table: QName, old: Column, new: Column, context: Context) -> Undo:
    """Generated again by its old expression; a column that was plain has lost the values that were written."""
    loses = f"what was written into {table}.{new.name} before it was generated"
    if old.generated is not None:
        rewrites = "; rewrites the table while nobody can use it" if old.generated.stored else ""
        loses = f"what was written into {table}.{new.name}{rewrites}" if new.generated is None or rewrites else ""
    shape = _statements(table, new, old, context)
    return Undo(actions=(action(shape, _is(table, old)), *said_again(table, old)), loses=loses)


def is_set_in_place(table: QName, old: Column, new: Column, context: Context) -> bool:
    """Whether the column stays, with all that hangs on it: an expression is dropped, or replaced by another."""
    if old.generated is None:
        return False
    if new.generated is None:
        return old.generated.stored
    sides = (context.old_table(table), context.new.table(table))
    # PostgreSQL 18: not of a virtual column, where the table has a check, or a publication names it.
    published = has_member(table, context.before) or has_member(table, context.new)
    fits = new.generated.stored or not (published or any(side.checks for side in sides))
    return old.generated.stored == new.generated.stored and fits and has_set_expression(context.version)


def _with_keys(statement: Statement, table: QName, name: str, context: Context) -> Statement:
    """Foreign keys of the column, and those that refer to it, are made anew: the tables at both ends are read."""
    ends = (
        each
        for other in context.new.tables
        for key in other.foreign_keys
        if (other.name == table and name in key.columns) or (key.references == table and name in key.referenced_columns)
        for each in (other.name, key.references)
    )
    others = tuple(each for each in dict.fromkeys(ends) if each != table)
    locks = (*statement.locks, *(access_exclusive(each) for each in others))
    return replace(statement, locks=locks, scans=(*statement.scans, *others))


def _statements(table: QName, old: Column, new: Column, context: Context) -> list[Statement]:
    """From the one to the other."""
    if not is_set_in_place(table, old, new, context):
        add = columns.add_column if new.generated is None else columns.add_generated_column
        if new.generated is None and new.default is not None:
            add = columns.add_column_with_default
        return [columns.drop_column(table, old.name), add(table, new)]
    if new.generated is not None:
        return [_with_keys(columns.set_expression(table, new), table, new.name, context)]
    dropped = [columns.drop_expression(table, new.name)]
    return dropped if new.default is None else [*dropped, columns.set_default(table, new.name, new.default)]
