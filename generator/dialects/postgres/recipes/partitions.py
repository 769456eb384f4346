"""The places of tables among others: partitions attached and detached, inheritance.

ATTACH PARTITION reads the table that comes, unless a valid CHECK says what its bound says (since PostgreSQL 12); so a
CHECK is validated while the application works, and goes again. DETACH is a change in the catalog: like every other one
it is tried for moments only, and unlike DETACH CONCURRENTLY it can be taken back, can be done beside a default
partition and leaves nothing half done.
"""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.names import helper
from generator.dialects.postgres.recipes.context import Context, action, shown, stop_if, table_ref
from generator.dialects.postgres.statements import constraints, partitions
from generator.model.change import InheritanceChanged, PartitionAttached, PartitionDetached
from generator.model.plan import Action, Ref, Stage, Step, Undo
from generator.model.schema import PartitionOf, QName, Schema, Table


def settled_ref(parent: QName) -> Ref:
    """What is changed of the table above before a partition comes to it is changed."""
    return Ref(kind="settled", of=parent)


def left_ref(table: QName) -> Ref:
    """The partitions that leave a table have left it; or a table has left the one above."""
    return Ref(kind="left", of=table)


def default_of(schema: Schema, parent: QName, *, but: QName | None = None) -> QName | None:
    """The default partition of a table."""
    for table in schema.tables:
        place = table.partition_of
        if place is not None and place.parent == parent and place.is_default and table.name != but:
            return table.name
    return None


def sibling(context: Context, parent: QName, *, but: QName) -> QName | None:
    """The default partition that is there before and after."""
    return default_of(context.new, parent, but=but) if default_of(context.old, parent, but=but) else None


def attach_partition(change: PartitionAttached, context: Context) -> Iterator[Step]:
    """After all else of both tables: the new version finds its rows by way of the table above."""
    table, place = context.new.table(change.table), change.partition_of
    attached = probes.is_below(table.name, place.parent)
    default = sibling(context, place.parent, but=table.name)
    yield gate(table, place, f"Rows of {table.name} are not of its bounds", place.holds, attached, context)
    if default is not None:
        yield gate(
            context.new.table(default),
            place,
            f"Rows of {default} belong into {table.name}",
            f"NOT ({place.holds})",
            attached,
            context,
            way_out=f"Move these rows into {table.name}, then run this file again.",
        )
    yield Step(
        stage=Stage.VALIDATE,
        purpose=f"Attach {table.name} to {place.parent}, {place.bound}.",
        run=attach_actions(table.name, place, default, references=references_of(table)),
        undo=Undo(
            actions=(
                action(
                    partitions.detach_partition(table.name, place, default=default, references=references_of(table)),
                    probes.absent(attached),
                ),
            )
        ),
        makes=(Ref(kind="attached", of=table.name),),
        needs=(table_ref(place.parent), table_ref(table.name), settled_ref(place.parent), settled_ref(table.name)),
    )


def detach_partition(change: PartitionDetached, context: Context) -> Iterator[Step]:
    """At contract: until then the old version finds its rows by way of the table above."""
    table, place = change.table, change.partition_of
    default = sibling(context, place.parent, but=table)
    references = references_of(context.old_table(table))
    yield Step(
        stage=Stage.CONTRACT,
        purpose=f"Detach {table} from {place.parent}: it is a table of its own.",
        run=(
            action(
                partitions.detach_partition(table, place, default=default, references=references),
                probes.absent(probes.is_below(table, place.parent)),
            ),
        ),
        undo=Undo(
            actions=attach_actions(table, place, default, references=references),
            loses=f"rows of {table} that are not of its bounds and were written since: it stops until they are gone",
        ),
        makes=(left_ref(place.parent), left_ref(table)),
    )


def change_inheritance(change: InheritanceChanged, context: Context) -> Iterator[Step]:
    """What comes after validate, what goes at contract: until then the old version reads its rows from above."""
    for parent in change.new:
        if parent not in change.old:
            yield _inherits(change.table, parent)
    for parent in change.old:
        if parent not in change.new:
            yield _inherits_no_more(change.table, parent)


def _inherits(table: QName, parent: QName) -> Step:
    there = probes.is_below(table, parent)
    return Step(
        stage=Stage.VALIDATE,
        purpose=f"Let {table} inherit from {parent}: who reads {parent} reads its rows too.",
        run=(action(partitions.inherit(table, parent), there),),
        undo=Undo(actions=(action(partitions.no_inherit(table, parent), probes.absent(there)),)),
        makes=(Ref(kind="attached", of=table),),
        needs=(table_ref(parent), table_ref(table), settled_ref(parent), settled_ref(table)),
    )


def _inherits_no_more(table: QName, parent: QName) -> Step:
    there = probes.is_below(table, parent)
    return Step(
        stage=Stage.CONTRACT,
        purpose=f"Let {table} no longer inherit from {parent}.",
        run=(action(partitions.no_inherit(table, parent), probes.absent(there)),),
        undo=Undo(actions=(action(partitions.inherit(table, parent), there),)),
        makes=(left_ref(parent), left_ref(table)),
    )


def references_of(table: Table) -> tuple[QName, ...]:
    """What the foreign keys that it has from above refer to."""
    found = (key.references for key in table.foreign_keys if table.inherited_from(key.name) is not None)
    return tuple(dict.fromkeys(found))


def bound_check(table: QName) -> str:
    """The name of the CHECK that says what a bound says."""
    return helper(table.name, "bound", what="check")


def gate(
    table: Table, place: PartitionOf, what: str, holds: str, unless: str, context: Context, *, way_out: str = ""
) -> Step:
    """Names the rows for which the condition does not hold."""
    from generator.dialects.postgres.names import qname

    return stop_if(
        Stage.VALIDATE,
        table.name,
        what,
        f"SELECT {shown(table, tuple(column.name for column in table.columns)[:4])}"
        f" FROM {qname(table.name)} AS this WHERE ({holds}) IS NOT TRUE",
        way_out or f"Correct, move or remove these rows: {place.bound} is what it holds. Then run this file again.",
        unless,
        context,
        table_ref(table.name),
        settled_ref(table.name),
    )


def attach_actions(
    table: QName, place: PartitionOf, default: QName | None, *, references: tuple[QName, ...] = ()
) -> tuple[Action, ...]:
    """A CHECK that says what the bound says, validated; then ATTACH, which reads nothing, and the CHECK goes.

    A default partition gets a CHECK of its own for as long: it holds none of what the new one is to hold.
    """
    attached = probes.is_below(table, place.parent)
    checks = [(table, place.holds)] if place.holds else []
    if default is not None:
        checks.append((default, f"(NOT {place.holds})"))
    before: list[Action] = []
    for each, condition in checks:
        name = bound_check(each)
        before.append(
            action(
                constraints.add_check_not_valid(each, name, f"CHECK ({condition})"),
                probes.either(attached, probes.constraint(each, name)),
            )
        )
        before.append(
            action(
                constraints.validate_constraint(each, name),
                probes.either(attached, probes.constraint(each, name, "convalidated")),
            )
        )
    after = tuple(constraints.drop_constraint(each, bound_check(each)) for each, _ in checks)
    attach = partitions.attach_partition(table, place, default=default, references=references)
    return (*before, action((attach, *after), attached))
