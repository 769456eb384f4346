"""Another type, or collation, for a column.

Between types that store the same bytes ALTER TYPE is a change in the catalog; which they are is seen on the scratch
server (Facts.retypes), not guessed. A CHECK that uses the column would still be read again under the lock.
"""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.recipes.context import Context, action, needs_of_column
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import columns
from generator.model.change import ColumnTypeChanged
from generator.model.plan import Stage, Step, Undo
from generator.model.schema import Column, QName


def retype_column(change: ColumnTypeChanged, context: Context) -> Iterator[Step]:
    """At expand: what the old version writes fits."""
    table, old, new = context.new.table(change.table), change.old, change.new
    checked = any(new.name in check.columns for check in context.old_table(table.name).checks)
    step = Step(
        stage=Stage.EXPAND,
        purpose=f"Change the type of {table.name}.{new.name} from {_type(old)} to {_type(new)}.",
        run=(
            action(
                columns.alter_type(table.name, new, None, rewrites=False, scans=checked),
                _is_of(table.name, new),
            ),
        ),
        undo=Undo(
            actions=(
                action(
                    columns.alter_type(table.name, old, None, rewrites=True, scans=True),
                    _is_of(table.name, old),
                ),
            ),
            loses=f"stops if values that do not fit {_type(old)} have been written;"
            " reads and may rewrite the table while nobody can use it",
        ),
        needs=needs_of_column(table.name, new, context.new),
    )
    yield needs_window(step, table.name, f"a check on {new.name} is read again under the lock")


def _type(column: Column) -> str:
    return f"{column.type} COLLATE {column.collation}" if column.collation else column.type


def _is_of(table: QName, column: Column) -> str:
    """Type and collation are the wanted ones."""
    named = (
        "(SELECT quote_ident(n.nspname) || '.' || quote_ident(c.collname) FROM pg_collation c JOIN pg_namespace n"
        " ON n.oid = c.collnamespace WHERE c.oid = attcollation)"
    )
    collation = "" if column.collation is None else f" AND {named} = {probes.literal(_qualified(column.collation))}"
    return probes.column(
        table, column.name, f"format_type(atttypid, atttypmod) = {probes.literal(column.type)}{collation}"
    )


def _qualified(collation: str) -> str:
    return collation if "." in collation else f"pg_catalog.{collation}"
