"""The lock modes under short names: PostgreSQL's own table of them is in its manual's chapter on explicit locking."""

from generator.model.plan import LockMode, TableLock
from generator.model.schema import QName


def access_exclusive(table: QName) -> TableLock:
    """Stops every other statement on the table."""
    return TableLock(table=table, mode=LockMode.ACCESS_EXCLUSIVE)


def share_row_exclusive(table: QName) -> TableLock:
    """Stops writes, lets reads through."""
    return TableLock(table=table, mode=LockMode.SHARE_ROW_EXCLUSIVE)


def share_update_exclusive(table: QName) -> TableLock:
    """Lets reads and writes through, stops other schema changes and VACUUM."""
    return TableLock(table=table, mode=LockMode.SHARE_UPDATE_EXCLUSIVE)


def row_exclusive(table: QName) -> TableLock:
    """What an UPDATE takes."""
    return TableLock(table=table, mode=LockMode.ROW_EXCLUSIVE)


def row_share(table: QName) -> TableLock:
    """What SELECT FOR UPDATE, and the referenced side of a validation, take."""
    return TableLock(table=table, mode=LockMode.ROW_SHARE)


def access_share(table: QName) -> TableLock:
    """What a SELECT takes."""
    return TableLock(table=table, mode=LockMode.ACCESS_SHARE)
