"""ALTER DOMAIN: each statement with the locks it takes on the tables that have columns of the domain."""

from generator.dialects.postgres.names import qname
from generator.model.plan import LockMode, Pace, Statement, TableLock
from generator.model.schema import QName


def _alter(domain: QName, what: str) -> str:
    return f"ALTER DOMAIN {qname(domain)} {what}"


def _scanning(domain: QName, what: str, tables: tuple[QName, ...]) -> Statement:
    """Reads the tables under SHARE, so nobody can write them meanwhile; with no table it is a matter of an instant."""
    return Statement(
        sql=_alter(domain, what),
        pace=Pace.WINDOW if tables else Pace.INSTANT,
        locks=tuple(TableLock(table=table, mode=LockMode.SHARE) for table in tables),
        scans=tables,
    )


def set_default(domain: QName, default: str | None) -> Statement:
    """For rows that are written from then on."""
    return Statement(sql=_alter(domain, "DROP DEFAULT" if default is None else f"SET DEFAULT {default}"))


def set_not_null(domain: QName, tables: tuple[QName, ...]) -> Statement:
    """Reads every table that has a column of the domain."""
    return _scanning(domain, "SET NOT NULL", tables)


def drop_not_null(domain: QName) -> Statement:
    """A change in the catalog."""
    return Statement(sql=_alter(domain, "DROP NOT NULL"))


def add_check_not_valid(domain: QName, name: str, definition: str) -> Statement:
    """What is written from here on is checked; rows that exist are not read. ``name`` is SQL."""
    return Statement(sql=_alter(domain, f"ADD CONSTRAINT {name} {definition} NOT VALID"))


def validate_check(domain: QName, name: str, tables: tuple[QName, ...]) -> Statement:
    """Reads every table that has a column of the domain."""
    return _scanning(domain, f"VALIDATE CONSTRAINT {name}", tables)


def drop_check(domain: QName, name: str) -> Statement:
    """A change in the catalog."""
    return Statement(sql=_alter(domain, f"DROP CONSTRAINT {name}"))


def rename_check(domain: QName, old: str, new: str) -> Statement:
    """A change in the catalog."""
    return Statement(sql=_alter(domain, f"RENAME CONSTRAINT {old} TO {new}"))
