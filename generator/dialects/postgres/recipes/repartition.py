"""A table that becomes partitioned, or is not any more, or by another key: made anew with its partitions.

PostgreSQL has no statement for it. The new table is made beside, gets the rows and takes the name in one transaction at
contract, under a lock; the old one is kept until cleanup, so that there is a way back. What ON CONFLICT of the new
version wants to be unique gets an index on the old table beforehand, so that both versions work until then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from generator.dialects.postgres import probes
from generator.dialects.postgres.create import attach_partition, create_table
from generator.dialects.postgres.locks import access_exclusive, row_share
from generator.dialects.postgres.names import aside, columns, literal, qname
from generator.dialects.postgres.names import ident as ident_of
from generator.dialects.postgres.recipes.bounds import somewhere
from generator.dialects.postgres.recipes.context import Context, action, build_index, remove_index, shown, stop_if
from generator.dialects.postgres.recipes.definitions import make_statements
from generator.dialects.postgres.recipes.keys import index_body
from generator.dialects.postgres.recipes.unique_constraints import gate as key_gate
from generator.dialects.postgres.recipes.windows import breaks, loses, needs_window
from generator.dialects.postgres.statements import constraints, objects, tables
from generator.model.answers import key_of
from generator.model.change import TableRepartitioned
from generator.model.plan import CannotUndo, LockMode, Pace, Ref, Stage, Statement, Step, TableLock, Undo
from generator.model.schema import Check, ForeignKey, PrimaryKey, QName, Schema, Table, Unique


def repartition(change: TableRepartitioned, context: Context) -> Iterator[Step]:
    """Gates, the indexes that the new version asks for, the swap, and the end of the old one."""
    old, new = change.old[0], change.new[0]
    room = [each.partition_of for each in change.new[1:] if each.partition_of and each.partition_of.parent == new.name]
    holds_rows = new.partition_key is None or bool(room)
    had_rows = old.partition_key is None or len(change.old) > 1
    copies = holds_rows and had_rows
    done = _is_by(new)
    if copies and new.partition_key is not None and not any("satisfies_hash" in each.holds for each in room):
        yield stop_if(
            Stage.CONTRACT,
            new.name,
            f"Rows of {new.name} fit into none of its new partitions",
            f"SELECT {shown(old, tuple(column.name for column in old.columns)[:4])} FROM {qname(new.name)} AS this"
            f" WHERE ({somewhere(room)}) IS NOT TRUE",
            "Correct or remove these rows, or give them a partition, then run this file again.",
            done,
            context,
        )
    for column in new.columns:
        if copies and not column.nullable and old.column(column.name).nullable:
            yield stop_if(
                Stage.CONTRACT,
                new.name,
                f"Rows of {new.name} have no {column.name}",
                f"SELECT {shown(old, (column.name,))} FROM {qname(new.name)} AS this"
                f" WHERE this.{ident_of(column.name)} IS NULL",
                f"Give these rows a value for {column.name}, then run this file again.",
                done,
                context,
            )
    needs: list[Ref] = []
    breaking = False
    for key in _new_keys(old, new):
        if old.partition_key is not None:
            breaking = True
            continue
        yield from key_gate(old, key, context)
        yield _helper_index(old, key, done)
        needs.append(Ref(kind="index", of=old.name, name=key.name))
    step = Step(
        stage=Stage.CONTRACT,
        purpose=f"Make {new.name} anew, "
        + (f"partitioned by {new.partition_key}" if new.partition_key else "not partitioned")
        + (", and copy its rows." if copies else "."),
        run=(action(_there(change, context, copies=copies), done),),
        undo=Undo(actions=(action(_back(change, context, copies=copies), _is_by(old)),)),
        makes=(Ref(kind="gone", of=new.name),),
        needs=tuple(needs),
    )
    if copies:
        step = needs_window(step, new.name, f"copying the rows of {new.name} reads and writes them all")
    elif had_rows:
        step = loses(
            step,
            key_of(new.name),
            f"The rows of {new.name} are lost: in the new schema it has no partition that could hold one.",
            "They are kept aside until cleanup.",
        )
    if breaking:
        step = breaks(
            step,
            key_of(new.name),
            f"ON CONFLICT on a key of {new.name} that is new works only from contract on.",
            "A partitioned table can have no unique index without the columns that it is partitioned by.",
        )
    yield step
    kept = QName(old.name.schema, aside(old.name.name, "dropped"))
    refers = tuple(dict.fromkeys(key.references for key in old.foreign_keys))
    tree = tuple(QName(each.name.schema, aside(each.name.name, "dropped")) for each in change.old)
    drop = tables.drop_table(kept)
    drop = replace(drop, locks=tuple(access_exclusive(each) for each in (*refers, *tree)))
    yield Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop what was kept of {old.name} as it was.",
        run=(action(drop, probes.absent(probes.relation(kept))),),
        undo=CannotUndo(because=f"what {old.name} was before is gone"),
        makes=(Ref(kind="dropped", of=old.name),),
        needs=(Ref(kind="gone", of=new.name),),
    )


def _is_by(table: Table) -> str:
    """SQL: the table is there, partitioned by its key, or not at all."""
    relation = f"to_regclass({literal(qname(table.name))})"
    said = f"(SELECT coalesce(pg_get_partkeydef(oid), '') FROM pg_class WHERE oid = {relation})"
    return f"coalesce({said} = {literal(table.partition_key or '')}, false)"


def _new_keys(old: Table, new: Table) -> tuple[PrimaryKey | Unique, ...]:
    """Keys by columns that no key of the old table has."""
    there = {frozenset(key.columns) for key in _keys(old)}
    return tuple(key for key in _keys(new) if frozenset(key.columns) not in there)


def _keys(table: Table) -> tuple[PrimaryKey | Unique, ...]:
    return (*((table.primary_key,) if table.primary_key else ()), *table.uniques)


def _helper_index(old: Table, key: PrimaryKey | Unique, done: str) -> Step:
    name, body = aside(key.name, "new"), index_body(key)
    built = build_index(old.name, name, unique=True, body=body)
    return Step(
        stage=Stage.VALIDATE,
        purpose=f"Build a unique index on ({columns(key.columns)}) of {old.name}, for ON CONFLICT of the new version.",
        run=tuple(replace(each, done=probes.either(done, each.done)) for each in built),
        undo=Undo(actions=remove_index(old.name, name, unique=True, body=body, replaced=False)),
        makes=(Ref(kind="index", of=old.name, name=key.name),),
    )


def _sequences(table: Table) -> tuple[tuple[str, QName], ...]:
    return tuple((each.name, each.identity.sequence) for each in table.columns if each.identity is not None)


def _owned(table: Table, schema: Schema) -> tuple[tuple[QName, str], ...]:
    return tuple(
        (each.name, each.owned_by[1]) for each in schema.sequences if each.owned_by and each.owned_by[0] == table.name
    )


def _aside(tree: Sequence[Table], *, back: bool = False) -> list[Statement]:
    """All names of the tree put aside; or taken back."""
    made = []

    def renamed(kind: str, name: QName) -> Statement:
        kept = aside(name.name, "dropped")
        before, after = (kept, name.name) if back else (name.name, kept)
        return Statement(sql=f"ALTER {kind} {qname(QName(name.schema, before))} RENAME TO {ident_of(after)}")

    for table in tree:
        schema = table.name.schema
        indexes = [each.name for each in table.indexes]
        indexes += [each.name for each in table.constraints if not isinstance(each, Check | ForeignKey)]
        made += [renamed("INDEX", QName(schema, name)) for name in indexes]
        made += [renamed("SEQUENCE", sequence) for _, sequence in _sequences(table)]
        made.append(renamed("TABLE", table.name))
    return made


def _copy(source: QName, to: QName, table: Table, scans: tuple[QName, ...]) -> Statement:
    listed = columns(tuple(column.name for column in table.columns if column.generated is None))
    return Statement(
        sql=f"INSERT INTO {qname(to)} ({listed}) OVERRIDING SYSTEM VALUE SELECT {listed} FROM {qname(source)}",
        pace=Pace.WINDOW,
        scans=scans,
    )


def _made(tree: Sequence[Table]) -> list[Statement]:
    made = []
    for table in tree:
        made += [Statement(sql=sql) for sql in create_table(table)]
        if table.partition_of is not None:
            made.append(Statement(sql=attach_partition(table.name, table.partition_of)))
    for key in tree[0].foreign_keys:
        made.append(constraints.add_foreign_key_at_once(tree[0].name, key))
    return made


def _there(change: TableRepartitioned, context: Context, *, copies: bool) -> list[Statement]:
    old, new = change.old[0], change.new[0]
    kept = QName(old.name.schema, aside(old.name.name, "dropped"))
    made = [_locked(tuple(each.name for each in change.old))]
    made += [objects.own_sequence(name, None) for name, _ in _owned(old, context.old)]
    made += [*_aside(change.old), *_made(change.new)]
    if copies:
        made.append(_copy(kept, new.name, new, _leaves(change.old)))
    for (_, before), (_, after) in zip(_sequences(old), _sequences(new), strict=False):
        source = qname(QName(before.schema, aside(before.name, "dropped")))
        made.append(Statement(sql=f"SELECT setval({literal(qname(after))}, last_value, is_called) FROM {source}"))
    made += [objects.own_sequence(name, (new.name, column)) for name, column in _owned(new, context.new)]
    for other in context.new.others:
        if other.table == new.name and other in context.old.others:
            made += [Statement(sql=each.sql) for each in make_statements(other)]
    return made


def _back(change: TableRepartitioned, context: Context, *, copies: bool) -> list[Statement]:
    old, new = change.old[0], change.new[0]
    kept = QName(old.name.schema, aside(old.name.name, "dropped"))
    tree = tuple(QName(each.name.schema, aside(each.name.name, "dropped")) for each in change.old)
    made = [constraints.lock_tables((new.name,), LockMode.ACCESS_EXCLUSIVE), _locked(tree)]
    if copies:
        rows = [each.name for each in change.old if each.partition_key is None]
        leaves = tuple(QName(each.schema, aside(each.name, "dropped")) for each in rows)
        # DELETE, since TRUNCATE would want the same of every table that refers to it.
        made.append(Statement(sql=f"DELETE FROM {qname(kept)}", pace=Pace.WINDOW, scans=leaves))
        reads = tuple(row_share(key.references) for key in old.foreign_keys)
        made.append(replace(_copy(new.name, kept, old, ()), locks=reads))
    made += [objects.own_sequence(name, None) for name, _ in _owned(new, context.new)]
    for (_, before), (_, after) in zip(_sequences(old), _sequences(new), strict=False):
        source = literal(qname(QName(before.schema, aside(before.name, "dropped"))))
        made.append(Statement(sql=f"SELECT setval({source}, last_value, is_called) FROM {qname(after)}"))
    refers = tuple(dict.fromkeys(key.references for key in new.foreign_keys))
    locks = tuple(access_exclusive(each) for each in (*refers, new.name))
    made.append(replace(tables.drop_table(new.name), locks=locks))
    made += [*_aside(change.old, back=True)]
    made += [objects.own_sequence(name, (old.name, column)) for name, column in _owned(old, context.old)]
    return made


def _locked(tree: tuple[QName, ...]) -> Statement:
    """The uppermost table, and with it all that is below."""
    lock = constraints.lock_tables(tree[:1], LockMode.ACCESS_EXCLUSIVE)
    return replace(lock, locks=tuple(TableLock(table=each, mode=LockMode.ACCESS_EXCLUSIVE) for each in tree))


def _leaves(tree: Sequence[Table]) -> tuple[QName, ...]:
    return tuple(each.name for each in tree if each.partition_key is None)
