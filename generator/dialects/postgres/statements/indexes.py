"""Indexes: each statement with the locks it takes (measured on PostgreSQL 14 to 18)."""

from generator.dialects.postgres.locks import access_exclusive, share_update_exclusive
from generator.dialects.postgres.names import ident, qname
from generator.model.plan import Pace, Statement
from generator.model.schema import QName


def create_index_concurrently(table: QName, name: str, *, unique: bool, body: str) -> Statement:
    """Reads the table twice while the application goes on; waits for transactions older than itself.

    IF NOT EXISTS is safe only after an index that is invalid, or another one, has been put out of the way.
    """
    return Statement(
        sql=(
            f"CREATE {'UNIQUE ' if unique else ''}INDEX CONCURRENTLY IF NOT EXISTS {ident(name)}"
            f" ON {qname(table)} {body}"
        ),
        pace=Pace.CONCURRENT,
        locks=(share_update_exclusive(table),),
        scans=(table,),
    )


def drop_index_concurrently(table: QName, name: str) -> Statement:
    """Waits for the transactions that may use it."""
    return Statement(
        sql=f"DROP INDEX CONCURRENTLY IF EXISTS {qname(QName(table.schema, name))}",
        pace=Pace.CONCURRENT,
        locks=(share_update_exclusive(table),),
    )


def drop_index(table: QName, name: str) -> Statement:
    """For an index that nothing can use yet (an invalid one): instant, but locks the table."""
    return Statement(sql=f"DROP INDEX {qname(QName(table.schema, name))}", locks=(access_exclusive(table),))


def rename_index(table: QName, old: str, new: str) -> Statement:
    """Takes a lock on the index only."""
    return Statement(sql=f"ALTER INDEX {qname(QName(table.schema, old))} RENAME TO {ident(new)}")
