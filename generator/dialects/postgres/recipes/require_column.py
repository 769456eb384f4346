"""NOT NULL on a column of a table with rows.

SET NOT NULL reads the whole table under ACCESS EXCLUSIVE unless a validated CHECK proves it (since PostgreSQL 12), and
a constraint that is NOT VALID is validated under SHARE UPDATE EXCLUSIVE. PostgreSQL 18 has NOT NULL … NOT VALID itself.
The proof comes after the back-fill, never before: it refuses at once every UPDATE of a row that is not filled yet.
The CHECK is dropped in a statement of its own: in one ALTER with SET NOT NULL it is dropped first and proves nothing.
"""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import automatic_name, helper, ident, qname
from generator.dialects.postgres.recipes.context import Context, action, column_ref, filled_ref, is_row, shown, stop_if
from generator.dialects.postgres.statements import columns, constraints
from generator.dialects.postgres.versions import has_not_null_not_valid
from generator.model.change import ColumnRequired
from generator.model.plan import Action, Ref, Stage, Step, Undo
from generator.model.schema import QName, Table


def column_required(change: ColumnRequired, context: Context) -> Iterator[Step]:
    """A column that exists becomes NOT NULL: rows that are NULL are filled, if there is an answer that says how."""
    from generator.dialects.postgres.recipes.fill_column import fill_column

    table = context.new.table(change.table)
    backfill = context.backfills.get((change.table, change.column.name))
    if backfill is not None and backfill.value:
        yield from fill_column(table, change.column, backfill, context)
    yield from require_column(table, change.column.name, context)


def require_column(
    table: Table, name: str, context: Context, *, stage: Stage = Stage.VALIDATE, row: bool = False
) -> Iterator[Step]:
    """NOT NULL without a scan under a lock that stops the application; ``row`` says that it is of a composite type."""
    is_required = probes.required(table.name, name, context.version)
    backfill = context.backfills.get((table.name, name))
    filled = backfill is not None and bool(backfill.value)
    row = row or (table.has_column(name) and is_row(table.column(name).type, context))
    missing = "IS NOT DISTINCT FROM NULL" if row else "IS NULL"
    yield stop_if(
        stage,
        table.name,
        f"Rows of {table.name} have no {name}",
        f"SELECT {shown(table, (name,))} FROM {qname(table.name)} AS this WHERE this.{ident(name)} {missing}",
        "Run 02_backfill.sql again: it fills what was written since, or says why it cannot. Then run this file again."
        if filled
        else f"Give these rows a value for {name}, then run this file again.",
        is_required,
        context,
        column_ref(table.name, name),
        filled_ref(table.name, name),
    )
    yield Step(
        stage=stage,
        purpose=f"Make {table.name}.{name} NOT NULL, proved before it is enforced.",
        run=required_actions(table.name, name, context.version, row=row),
        undo=Undo(actions=(optional_action(table.name, name),)),
        makes=(Ref(kind="required", of=table.name, name=name),),
        needs=(column_ref(table.name, name), filled_ref(table.name, name)),
    )


def is_null(type_text: str, context: Context) -> str:
    """SQL behind a value that asks whether there is none: ``IS NULL`` would look at the attributes of a row."""
    return "IS NOT DISTINCT FROM NULL" if is_row(type_text, context) else "IS NULL"


def optional_action(table: QName, name: str) -> Action:
    """DROP NOT NULL."""
    return action(columns.drop_not_null(table, name), probes.absent(probes.column(table, name, "attnotnull")))


def required_actions(table: QName, name: str, version: int, *, row: bool = False) -> tuple[Action, ...]:
    """The statements of it, each in a transaction of its own. IS NOT NULL would look at the attributes of a row."""
    is_required = probes.required(table, name, version)
    if has_not_null_not_valid(version):
        proof = automatic_name(table.name, name, "not_null")
        there = probes.column(table, name, "attnotnull")
        return (
            action(constraints.add_not_null_not_valid(table, proof, name), there),
            action(constraints.validate_constraint(table, proof), is_required),
        )
    proof = helper(table.name, name, what="not_null")
    condition = f"CHECK (({ident(name)} {'IS DISTINCT FROM NULL' if row else 'IS NOT NULL'}))"
    return (
        action(
            constraints.add_check_not_valid(table, proof, condition),
            probes.either(is_required, probes.constraint(table, proof)),
        ),
        action(
            constraints.validate_constraint(table, proof),
            probes.either(is_required, probes.constraint(table, proof, "convalidated")),
        ),
        action(columns.set_not_null(table, name), is_required),
        action(constraints.drop_constraint(table, proof), probes.absent(probes.constraint(table, proof))),
    )
