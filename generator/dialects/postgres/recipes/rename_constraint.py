"""Another name for a constraint: a change in the catalog. At contract, since ON CONFLICT may name it until then."""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.recipes.context import Context, action, table_ref
from generator.dialects.postgres.statements import constraints
from generator.model.change import ConstraintRenamed
from generator.model.plan import Stage, Step, Undo


def rename_constraint(change: ConstraintRenamed, context: Context) -> Iterator[Step]:
    """Forth and back."""
    table, old, new = change.table, change.old, change.new
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Rename the constraint {old} of {table} to {new}.",
        run=(action(constraints.rename_constraint(table, old, new), probes.constraint(table, new)),),
        undo=Undo(actions=(action(constraints.rename_constraint(table, new, old), probes.constraint(table, old)),)),
        needs=(table_ref(table),),
    )
