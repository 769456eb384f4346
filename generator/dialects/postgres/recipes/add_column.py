"""A new column on a table with rows.

Without a default, or with one that is not volatile, ADD COLUMN touches no row (since PostgreSQL 11). A volatile default
would rewrite the table; split into ADD COLUMN and SET DEFAULT inside one ALTER it touches no row either, leaves no gap
in which an INSERT finds no default, and the rows that exist are filled in batches.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import literal, qname
from generator.dialects.postgres.recipes import domain_columns
from generator.dialects.postgres.recipes.alter_column import change_default
from generator.dialects.postgres.recipes.context import Context, action, column_ref, needs_of_column
from generator.dialects.postgres.recipes.fill_column import fill_column
from generator.dialects.postgres.recipes.require_column import require_column
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import columns, objects
from generator.diff.likeness import whole_keys
from generator.model.answers import Backfill
from generator.model.change import ColumnAdded, CommentTarget, DefaultChanged
from generator.model.plan import Action, Ref, Stage, Statement, Step, Undo
from generator.model.schema import Column, QName, Sequence, Table


def add_column(change: ColumnAdded, context: Context) -> Iterator[Step]:
    """Picks the way by how the rows that exist get their value."""
    table, column = context.new.table(change.table), change.column
    backfill = context.backfills.get((table.name, column.name))
    if column.generated is not None:
        yield from _generated(table, column, context)
    elif column.identity is not None:
        yield from _identity(table, column, context)
    elif column.default is not None and backfill is None and not context.volatile(column.default):
        yield _added(table, column, context, columns.add_column_with_default(table.name, column), probe_required=True)
    elif column.default is not None and backfill is not None and _tells_rows_apart(table, column, context):
        yield from add_column(replace(change, column=replace(column, default=None)), context)
        for step in change_default(
            DefaultChanged(table=table.name, old=replace(column, default=None), new=column), context
        ):
            yield replace(step, stage=Stage.CONTRACT)
    elif column.default is not None:
        answer = backfill or Backfill(value=column.default)
        with_default = columns.add_column_then_default(table.name, column, column.default)
        yield _added(table, column, context, with_default)
        yield from fill_column(table, column, answer, context)
        if not column.nullable:
            yield from require_column(table, column.name, context)
    else:
        yield _added(table, column, context, columns.add_column(table.name, column))
        if backfill is not None:
            yield from fill_column(table, column, backfill, context)
        if not column.nullable:
            yield from require_column(table, column.name, context)


def _tells_rows_apart(table: Table, column: Column, context: Context) -> bool:
    """Whether a default that is the same for all rows would meet a key: it comes when the old version, which leaves the
    column out and has it filled, is gone."""
    in_key = any(column.name in key.columns for key in whole_keys(table))
    return in_key and column.default is not None and not context.volatile(column.default)


def _added(
    table: Table, column: Column, context: Context, statement: Statement, *, probe_required: bool = False
) -> Step:
    """The step that makes the column; its comment comes along."""
    done = probes.column_of_type(table.name, column)
    if probe_required and not column.nullable:
        done = probes.both(done, probes.column(table.name, column.name, "attnotnull"))
    wrong = probes.both(
        probes.column(table.name, column.name), probes.absent(probes.column_of_type(table.name, column))
    )
    statements = [domain_columns.added(statement, table.name, column.type, context)]
    if column.comment is not None:
        statements.append(objects.comment_on(CommentTarget.COLUMN, table.name, column.name, column.comment))
    filled = Ref(kind="filled", of=table.name, name=column.name)
    nullable = "" if probe_required and not column.nullable else ", nullable"
    step = Step(
        stage=Stage.EXPAND,
        purpose=f"Add {table.name}.{column.name} ({column.type}{nullable}).",
        run=(
            action(
                statements, done, (wrong, f"{table.name} has a column {column.name} of another type than {column.type}")
            ),
        ),
        undo=Undo(
            actions=(
                action(
                    columns.drop_column(table.name, column.name),
                    probes.absent(probes.column(table.name, column.name)),
                ),
            ),
            loses=f"what has been written into {table.name}.{column.name}",
        ),
        makes=(column_ref(table.name, column.name), *((filled,) if probe_required else ())),
        needs=(*needs_of_column(table.name, column, context.new), Ref(kind="noted", of=table.name, name=column.name)),
    )
    return step if column.generated else domain_columns.asked(step, table.name, column.name, column.type)


def _generated(table: Table, column: Column, context: Context) -> Iterator[Step]:
    """A stored generated column cannot be had without a rewrite: PostgreSQL has no other statement for it."""
    statement = columns.add_generated_column(table.name, column)
    step = _added(table, column, context, statement, probe_required=True)
    yield needs_window(step, table.name, f"adding the stored generated column {column.name} rewrites the table")


def _identity(table: Table, column: Column, context: Context) -> Iterator[Step]:
    """Numbers from a helper sequence first; it becomes an identity column once every row has its number."""
    assert column.identity is not None
    numbers = QName(table.name.schema, context.helper(table.name, column.name, "numbers"))
    nextval = f"nextval({literal(qname(numbers))}::regclass)"
    sequence = Sequence(name=numbers, options=column.identity.options)
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Make the sequence that numbers {table.name}.{column.name} for now.",
        run=(
            action(
                objects.create_sequence(sequence),
                probes.either(probes.relation(numbers), probes.column(table.name, column.name, "attidentity <> ''")),
            ),
        ),
        undo=Undo(actions=(action(objects.drop_sequence(numbers), probes.absent(probes.relation(numbers))),)),
        makes=(Ref(kind="object", of=numbers),),
        needs=(Ref(kind="table", of=table.name),),
    )
    plain = replace(column, identity=None, default=nextval)
    added = _added(table, plain, context, columns.add_column_then_default(table.name, plain, nextval))
    yield replace(added, needs=(*added.needs, Ref(kind="object", of=numbers)))
    yield from fill_column(table, plain, Backfill(value=nextval), context)
    yield from require_column(table, column.name, context)
    kind = "a" if column.identity.always else "d"
    behind = Statement(
        sql=f"SELECT setval({literal(qname(column.identity.sequence))}, last_value, is_called) FROM {qname(numbers)}"
    )
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Turn {table.name}.{column.name} into an identity column that goes on where the numbers are.",
        run=(
            action(
                (
                    columns.add_identity(table.name, column.name, column.identity, had_default=True),
                    behind,
                    objects.drop_sequence(numbers),
                ),
                probes.identity_is(table.name, column.name, kind),
            ),
        ),
        undo=Undo(actions=_back_to_numbers(table.name, column, sequence, nextval)),
        makes=(Ref(kind="identity", of=table.name, name=column.name),),
        needs=(Ref(kind="required", of=table.name, name=column.name),),
    )


def _back_to_numbers(table: QName, column: Column, numbers: Sequence, nextval: str) -> tuple[Action, ...]:
    """From identity back to the helper sequence, its value carried over."""
    assert column.identity is not None
    behind = Statement(
        sql=f"SELECT setval({literal(qname(numbers.name))}, last_value, is_called)"
        f" FROM {qname(column.identity.sequence)}"
    )
    return (
        action(
            (
                objects.create_sequence(numbers),
                behind,
                columns.drop_identity(table, column.name),
                columns.set_default(table, column.name, nextval),
            ),
            probes.either(probes.identity_is(table, column.name, ""), probes.absent(probes.column(table, column.name))),
        ),
    )
