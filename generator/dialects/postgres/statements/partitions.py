"""Partitions and inheritance: each statement with the locks it takes (measured on PostgreSQL 14 to 18)."""

from generator.dialects.postgres.locks import (
    access_exclusive,
    access_share,
    row_exclusive,
    share_row_exclusive,
    share_update_exclusive,
)
from generator.dialects.postgres.names import columns, ident, qname
from generator.model.plan import LockMode, Pace, Statement, TableLock
from generator.model.schema import PartitionOf, QName


def attach_partition(
    table: QName,
    place: PartitionOf,
    *,
    pace: Pace = Pace.INSTANT,
    default: QName | None = None,
    is_new: bool = False,
    references: tuple[QName, ...] = (),
) -> Statement:
    """Reads the partition, unless a valid CHECK says the same as its bound; and ``default``, the sibling, likewise.

    With ``pace`` INSTANT there are such checks, or there is nothing to read. What foreign keys of the table above
    refer to is locked as for any foreign key that is made.
    """
    below = tuple(each for each in (default, None if is_new else table) if each is not None)
    return Statement(
        sql=f"ALTER TABLE {qname(place.parent)} ATTACH PARTITION {qname(table)} {place.bound}",
        pace=pace,
        locks=(
            *((share_row_exclusive if is_new else access_exclusive)(each) for each in references),
            share_update_exclusive(place.parent),
            *(access_exclusive(each) for each in below),
        ),
        scans=() if pace is Pace.INSTANT else below,
    )


def detach_partition(
    table: QName, place: PartitionOf, *, default: QName | None = None, references: tuple[QName, ...] = ()
) -> Statement:
    """A change in the catalog only; a default sibling is locked as well, and what its foreign keys refer to."""
    below = (table,) if default is None or default == table else (default, table)
    return Statement(
        sql=f"ALTER TABLE {qname(place.parent)} DETACH PARTITION {qname(table)}",
        locks=(
            *(share_row_exclusive(each) for each in references),
            access_exclusive(place.parent),
            *(access_exclusive(each) for each in below),
        ),
    )


def inherit(table: QName, parent: QName) -> Statement:
    """Columns and checks of the parent have to be there already: a change in the catalog only."""
    return Statement(
        sql=f"ALTER TABLE {qname(table)} INHERIT {qname(parent)}",
        locks=(share_update_exclusive(parent), access_exclusive(table)),
    )


def no_inherit(table: QName, parent: QName) -> Statement:
    """The columns stay, as the table's own."""
    return Statement(
        sql=f"ALTER TABLE {qname(table)} NO INHERIT {qname(parent)}",
        locks=(access_share(parent), access_exclusive(table)),
    )


def add_key_only(table: QName, name: str, definition: str) -> Statement:
    """On the partitioned table alone: its index is whole once each partition's has been attached."""
    return Statement(
        sql=f"ALTER TABLE ONLY {qname(table)} ADD CONSTRAINT {ident(name)} {definition}",
        locks=(access_exclusive(table),),
    )


def create_index_only(table: QName, name: str, *, unique: bool, body: str) -> Statement:
    """On the partitioned table alone, which holds no row."""
    return Statement(
        sql=f"CREATE {'UNIQUE ' if unique else ''}INDEX {ident(name)} ON ONLY {qname(table)} {body}",
        locks=(TableLock(table=table, mode=LockMode.SHARE),),
    )


def attach_index(schema: str, index: str, below: str) -> Statement:
    """The partition's index becomes part of the whole one: nothing is read."""
    return Statement(sql=f"ALTER INDEX {qname(QName(schema, index))} ATTACH PARTITION {qname(QName(schema, below))}")


def move_rows(source: QName, to: QName, names: tuple[str, ...], condition: str) -> Statement:
    """Takes the rows for which the condition holds out of one table, and writes them into the other."""
    listed = columns(names)
    return Statement(
        sql=(
            f"WITH gone AS (DELETE FROM {qname(source)} WHERE {condition} RETURNING {listed})\n"
            f"INSERT INTO {qname(to)} ({listed}) OVERRIDING SYSTEM VALUE SELECT {listed} FROM gone"
        ),
        pace=Pace.WINDOW,
        locks=(row_exclusive(source), row_exclusive(to)),
        scans=(source,),
    )
