"""Constraints: each statement with the locks it takes (measured on PostgreSQL 14 to 18)."""

from generator.dialects.postgres.locks import access_exclusive, row_share, share_row_exclusive, share_update_exclusive
from generator.dialects.postgres.names import ident, literal, qname
from generator.model.plan import LockMode, Pace, Statement, TableLock
from generator.model.schema import ForeignKey, QName


def _alter(table: QName, what: str) -> str:
    return f"ALTER TABLE {qname(table)} {what}"


def lock_tables(tables: tuple[QName, ...], mode: LockMode) -> Statement:
    """Several tables in one order, the referenced one first: an application that goes that way is never deadlocked."""
    return Statement(
        sql=f"LOCK TABLE {', '.join(qname(table) for table in tables)} IN {mode.value} MODE",
        locks=tuple(TableLock(table=table, mode=mode) for table in tables),
    )


def add_check_not_valid(table: QName, name: str, definition: str) -> Statement:
    """New and changed rows are checked from here on; those that exist are not read."""
    return Statement(
        sql=_alter(table, f"ADD CONSTRAINT {ident(name)} {definition} NOT VALID"), locks=(access_exclusive(table),)
    )


def add_not_null_not_valid(table: QName, name: str, column: str) -> Statement:
    """PostgreSQL 18: NOT NULL for new and changed rows."""
    return Statement(
        sql=_alter(table, f"ADD CONSTRAINT {ident(name)} NOT NULL {ident(column)} NOT VALID"),
        locks=(access_exclusive(table),),
    )


def add_foreign_key_not_valid(table: QName, key: ForeignKey) -> Statement:
    """New and changed rows are checked, and ON DELETE acts, from here on; rows that exist are not read."""
    tables = (table,) if key.references == table else (key.references, table)
    return Statement(
        sql=_alter(table, f"ADD CONSTRAINT {ident(key.name)} {key.definition} NOT VALID"),
        locks=tuple(share_row_exclusive(each) for each in tables),
    )


def add_foreign_key_at_once(table: QName, key: ForeignKey) -> Statement:
    """Without NOT VALID: on a table without rows, or above partitions that have it already, nothing is read."""
    tables = (table,) if key.references == table else (key.references, table)
    return Statement(
        sql=_alter(table, f"ADD CONSTRAINT {ident(key.name)} {key.definition}"),
        locks=tuple(share_row_exclusive(each) for each in tables),
    )


def validate_constraint(table: QName, name: str) -> Statement:
    """Reads every row while the application goes on."""
    return Statement(
        sql=_alter(table, f"VALIDATE CONSTRAINT {ident(name)}"),
        pace=Pace.LONG,
        locks=(share_update_exclusive(table),),
        scans=(table,),
    )


def validate_foreign_key(table: QName, key: ForeignKey) -> Statement:
    """Reads both tables while the application goes on."""
    return validate_reference(table, key.name, () if key.references == table else (key.references,))


def validate_reference(table: QName, name: str, referenced: tuple[QName, ...]) -> Statement:
    """The same by the foreign key's name and the other table, if it is another one."""
    return Statement(
        sql=_alter(table, f"VALIDATE CONSTRAINT {ident(name)}"),
        pace=Pace.LONG,
        locks=(share_update_exclusive(table), *(row_share(each) for each in referenced)),
        scans=(table, *referenced),
    )


def use_index(table: QName, name: str, kind: str, index: str, deferrable: str) -> Statement:
    """Makes a constraint (``UNIQUE`` or ``PRIMARY KEY``) of an index that is there: no scan."""
    return Statement(
        sql=_alter(table, f"ADD CONSTRAINT {ident(name)} {kind} USING INDEX {ident(index)}{deferrable}"),
        locks=(access_exclusive(table),),
    )


def add_constraint(table: QName, name: str, definition: str) -> Statement:
    """The one-statement form, which reads the table under the lock: for what has no other way."""
    return Statement(
        sql=_alter(table, f"ADD CONSTRAINT {ident(name)} {definition}"),
        pace=Pace.WINDOW,
        locks=(access_exclusive(table),),
        scans=(table,),
    )


def drop_constraint(table: QName, name: str) -> Statement:
    """A change in the catalog only (an index that belongs to it goes too)."""
    return Statement(sql=_alter(table, f"DROP CONSTRAINT {ident(name)}"), locks=(access_exclusive(table),))


def drop_foreign_key(table: QName, name: str, references: QName) -> Statement:
    """Takes the strongest lock on both tables, for an instant."""
    tables = (table,) if references == table else (references, table)
    return Statement(
        sql=_alter(table, f"DROP CONSTRAINT {ident(name)}"), locks=tuple(access_exclusive(each) for each in tables)
    )


def rename_constraint(table: QName, old: str, new: str) -> Statement:
    """A change in the catalog only; its index is renamed with it."""
    return Statement(
        sql=_alter(table, f"RENAME CONSTRAINT {ident(old)} TO {ident(new)}"), locks=(access_exclusive(table),)
    )


def name_not_null(table: QName, column: str, name: str) -> Statement:
    """PostgreSQL 18: the name that a NOT NULL constraint would have been given, if it is free."""
    of_table = f"conrelid = {literal(qname(table))}::regclass"
    rename = literal(_alter(table, "RENAME CONSTRAINT ").replace("%", "%%") + "%I TO %I")
    return Statement(
        sql=f"""DO $name$
DECLARE
    called text := (SELECT conname FROM pg_constraint
                    JOIN pg_attribute ON attrelid = conrelid AND ARRAY[attnum] = conkey
                    WHERE {of_table} AND contype = 'n' AND attname = {literal(column)});
BEGIN
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE {of_table} AND conname = {literal(name)}) THEN
        EXECUTE format({rename}, called, {literal(name)});
    END IF;
END
$name$""",
        locks=(access_exclusive(table),),
    )


def swap_key(table: QName, old: str, new: str, kind: str, index: str, deferrable: str) -> Statement:
    """The old key out and the new one, whose index is there, in: one ALTER, no scan, never without a key."""
    return Statement(
        sql=_alter(
            table,
            f"DROP CONSTRAINT {ident(old)}, ADD CONSTRAINT {ident(new)} {kind} USING INDEX {ident(index)}{deferrable}",
        ),
        locks=(access_exclusive(table),),
    )
