"""Other bounds for partitions: all of one table at once, since what one holds no more another may be the one to hold.

Where every row stays where it is, the new bounds are proved by validated CHECKs while the application works, and the
partitions change their bounds in an instant. Where rows go from one partition to another there is no such way: they
are moved in one transaction, and nobody reads or writes the table meanwhile.
"""

from collections.abc import Iterable, Iterator, Sequence

from generator.dialects.postgres import probes
from generator.dialects.postgres.create import create_table
from generator.dialects.postgres.names import aside, columns, qname
from generator.dialects.postgres.recipes.context import Context, action, shown, stop_if, table_ref
from generator.dialects.postgres.recipes.partitions import bound_check, default_of, gate, left_ref, settled_ref
from generator.dialects.postgres.recipes.windows import needs_window
from generator.dialects.postgres.statements import constraints, partitions, tables
from generator.model.change import PartitionBoundsChanged
from generator.model.plan import Action, LockMode, Pace, Ref, Stage, Statement, Step, Undo
from generator.model.schema import PartitionOf, QName, Schema, Table

Places = Sequence[tuple[QName, PartitionOf]]


def moves_rows(change: PartitionBoundsChanged, context: Context) -> bool:
    """Whether rows may go from one partition to another, so that the table has to stand still."""
    if all(name in context.facts.widened for name, _ in change.new):
        return bool(default_of(context.old, change.table))
    return len(change.new) > 1 or bool(change.added) or bool(default_of(context.new, change.table))


def change_bounds(change: PartitionBoundsChanged, context: Context) -> Iterator[Step]:
    """In an instant where rows stay, else in one transaction that moves them."""
    if moves_rows(change, context):
        yield _homeless(change.table, context)
        yield _moving(change, context)
        return
    only_wider = all(name in context.facts.widened for name, _ in change.new)
    stage = Stage.VALIDATE if only_wider and not _leaves(change.table, context) else Stage.CONTRACT
    for name, place in change.new if not only_wider else ():
        step = gate(
            context.new.table(name),
            place,
            f"Rows of {name} are not of its new bounds",
            place.holds,
            probes.partition_is(name, place.parent, place.bound),
            context,
        )
        yield Step(stage=stage, purpose=step.purpose, run=step.run, undo=step.undo, needs=step.needs)
    yield Step(
        stage=stage,
        purpose=f"Change the bounds of {', '.join(f'{name} to {place.bound}' for name, place in change.new)}.",
        run=_in_place(change.new),
        undo=Undo(
            actions=(*_misfits(change.old, context.old), *_in_place(change.old)),
            loses="rows that are not of the old bounds and were written since: it stops until they are gone",
        ),
        makes=(Ref(kind="bounds", of=change.table),),
        needs=(table_ref(change.table), settled_ref(change.table), left_ref(change.table)),
    )


def _leaves(parent: QName, context: Context) -> bool:
    """Whether a partition goes, so that its bounds are free only then."""
    now = {each.name for each in context.new.tables if each.partition_of and each.partition_of.parent == parent}
    return any(
        each.partition_of is not None and each.partition_of.parent == parent and each.name not in now
        for each in context.old.tables
    )


def _there(places: Places) -> str:
    return probes.both(*(probes.partition_is(name, place.parent, place.bound) for name, place in places))


def _in_place(places: Places) -> tuple[Action, ...]:
    """A CHECK for each, validated; then all out and in again, and the CHECKs go."""
    there = _there(places)
    before: list[Action] = []
    for name, place in places:
        check = bound_check(name)
        add = constraints.add_check_not_valid(name, check, f"CHECK ({place.holds})")
        before.append(action(add, probes.either(there, probes.constraint(name, check))))
        validate = constraints.validate_constraint(name, check)
        before.append(action(validate, probes.either(there, probes.constraint(name, check, "convalidated"))))
    swap = [partitions.detach_partition(name, place) for name, place in places]
    swap += [partitions.attach_partition(name, place) for name, place in places]
    swap += [constraints.drop_constraint(name, bound_check(name)) for name, _ in places]
    return (*before, action(swap, there))


def _misfits(places: Places, schema: Schema) -> Iterator[Action]:
    """The gates of the way back: rows that the old bounds do not take."""
    for name, place in places:
        yield _stop(schema.table(name), f"Rows of {name} are not of its old bounds", place.holds, _there(places))


def _stop(table: Table, what: str, holds: str, unless: str) -> Action:
    from generator.model.plan import Offenders, Template

    shows = tuple(column.name for column in table.columns)[:4]
    query = f"SELECT {shown(table, shows)} FROM {qname(table.name)} AS this WHERE ({holds}) IS NOT TRUE"
    offenders = Offenders(
        table=table.name,
        what=what,
        query=query,
        way_out="Remove these rows, or move them, then run this file again.",
        unless=unless,
    )
    return action(Statement(sql=Template(name="offenders.sql.j2", subject=offenders), pace=Pace.SCRIPT), unless)


def _below(parent: QName, schema: Schema) -> tuple[tuple[QName, PartitionOf], ...]:
    return tuple(
        (each.name, each.partition_of)
        for each in schema.tables
        if each.partition_of is not None and each.partition_of.parent == parent
    )


def somewhere(places: Iterable[PartitionOf]) -> str:
    """SQL: one of the places takes the row."""
    return " OR ".join(place.holds for place in places) or "false"


def _homeless(parent: QName, context: Context) -> Step:
    """Rows that no partition of the new schema takes."""
    table, places = context.new.table(parent), _below(parent, context.new)
    return stop_if(
        Stage.CONTRACT,
        parent,
        f"Rows of {parent} fit into none of its new partitions",
        f"SELECT {shown(table, tuple(column.name for column in table.columns)[:4])} FROM {qname(parent)} AS this"
        f" WHERE ({somewhere(place for _, place in places)}) IS NOT TRUE",
        "Correct or remove these rows, or give them a partition, then run this file again.",
        _there(places),
        context,
        left_ref(parent),
        settled_ref(parent),
    )


def _moving(change: PartitionBoundsChanged, context: Context) -> Step:
    parent = context.new.table(change.table)
    added = [(name, context.new.table(name)) for name in change.added]
    there = _move(parent, change.new, context.new, make=[table for _, table in added])
    back = _move(parent, change.old, context.old, drop=[(name, table) for name, table in added])
    step = Step(
        stage=Stage.CONTRACT,
        purpose=f"Change the bounds of {', '.join(f'{name} to {place.bound}' for name, place in change.new)};"
        " rows go to the partition that is theirs.",
        run=(action(there, _there(_below(parent.name, context.new))),),
        undo=Undo(
            actions=(
                _stop(
                    context.old.table(change.table),
                    f"Rows of {change.table} fit into none of its old partitions",
                    somewhere(place for _, place in _below(change.table, context.old)),
                    _there(change.old),
                ),
                action(back, _there(change.old)),
            ),
            loses="rows that fit into no old partition and were written since: it stops until they are gone",
        ),
        makes=(Ref(kind="bounds", of=change.table), *(table_ref(name) for name in change.added)),
        needs=(table_ref(change.table), settled_ref(change.table), left_ref(change.table)),
    )
    return needs_window(step, change.table, "moving rows to the partitions that are theirs reads and writes them")


def _move(
    parent: Table,
    places: Places,
    schema: Schema,
    make: Sequence[Table] = (),
    drop: Sequence[tuple[QName, Table]] = (),
) -> tuple[Statement, ...]:
    """All that changes out; what is theirs no more to one side; in again with the new bounds; and the rows back in."""
    kept = QName(parent.name.schema, aside(parent.name.name, "moved"))
    names = tuple(column.name for column in parent.columns if column.generated is None)
    default = default_of(schema, parent.name)
    made = [
        constraints.lock_tables((parent.name,), LockMode.ACCESS_EXCLUSIVE),
        Statement(sql=f"CREATE TABLE {qname(kept)} (LIKE {qname(parent.name)})"),
    ]
    made += [partitions.detach_partition(name, place) for name, place in places]
    for name, table in drop:
        assert table.partition_of is not None
        made.append(partitions.detach_partition(name, table.partition_of))
        made.append(partitions.move_rows(name, kept, names, "true"))
        made.append(tables.drop_table(name))
    for name, place in places:
        made.append(partitions.move_rows(name, kept, names, f"({place.holds}) IS NOT TRUE"))
    if default is not None and default not in dict(places):
        rest = schema.table(default).partition_of
        assert rest is not None
        made.append(partitions.move_rows(default, kept, names, f"({rest.holds}) IS NOT TRUE"))
    for table in make:
        made += [Statement(sql=sql) for sql in create_table(table)]
    read = default if default not in dict(places) else None
    for name, place in places:
        made.append(partitions.attach_partition(name, place, pace=Pace.WINDOW, default=read))
    for table in make:
        assert table.partition_of is not None
        made.append(
            partitions.attach_partition(table.name, table.partition_of, pace=Pace.WINDOW, default=read, is_new=True)
        )
    listed = columns(names)
    made.append(
        Statement(
            sql=f"INSERT INTO {qname(parent.name)} ({listed}) OVERRIDING SYSTEM VALUE"
            f" SELECT {listed} FROM {qname(kept)}",
            pace=Pace.WINDOW,
        )
    )
    made.append(Statement(sql=f"DROP TABLE {qname(kept)}"))
    return tuple(made)
