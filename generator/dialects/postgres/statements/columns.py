"""ALTER TABLE on one column: each statement with the locks it takes (measured on PostgreSQL 14 to 18)."""

from generator.dialects.postgres.locks import access_exclusive
from generator.dialects.postgres.names import ident, qname
from generator.model.plan import Pace, Statement
from generator.model.schema import Column, Identity, QName


def _alter(table: QName, what: str) -> str:
    return f"ALTER TABLE {qname(table)} {what}"


def _type(column: Column) -> str:
    collate = f" COLLATE {column.collation}" if column.collation else ""
    return f"{column.type}{collate}"


def identity_clause(identity: Identity) -> str:
    """``GENERATED … AS IDENTITY (…)``, every option spelled out."""
    options = identity.options
    kind = "ALWAYS" if identity.always else "BY DEFAULT"
    cycle = "CYCLE" if options.cycle else "NO CYCLE"
    return (
        f"GENERATED {kind} AS IDENTITY (SEQUENCE NAME {qname(identity.sequence)} START WITH {options.start}"
        f" INCREMENT BY {options.increment} MINVALUE {options.minimum} MAXVALUE {options.maximum}"
        f" CACHE {options.cache} {cycle})"
    )


def add_column(table: QName, column: Column) -> Statement:
    """A nullable column without default: no row is touched."""
    return Statement(
        sql=_alter(table, f"ADD COLUMN {ident(column.name)} {_type(column)}"), locks=(access_exclusive(table),)
    )


def add_column_with_default(table: QName, column: Column) -> Statement:
    """A default that is not volatile is evaluated once and kept in the catalog: no rewrite, NOT NULL included."""
    required = "" if column.nullable else " NOT NULL"
    return Statement(
        sql=_alter(table, f"ADD COLUMN {ident(column.name)} {_type(column)} DEFAULT {column.default}{required}"),
        locks=(access_exclusive(table),),
    )


def add_column_then_default(table: QName, column: Column, default: str) -> Statement:
    """One ALTER with two actions: rows that exist stay NULL without a rewrite, and no INSERT falls between the two."""
    name = ident(column.name)
    return Statement(
        sql=_alter(table, f"ADD COLUMN {name} {_type(column)}, ALTER COLUMN {name} SET DEFAULT {default}"),
        locks=(access_exclusive(table),),
    )


def add_generated_column(table: QName, column: Column) -> Statement:
    """A stored one rewrites the table, a virtual one (18) touches no row."""
    assert column.generated is not None
    stored = column.generated.stored
    required = "" if column.nullable else " NOT NULL"
    kind = "STORED" if stored else "VIRTUAL"
    return Statement(
        sql=_alter(
            table,
            f"ADD COLUMN {ident(column.name)} {_type(column)}"
            f" GENERATED ALWAYS AS ({column.generated.expression}) {kind}{required}",
        ),
        pace=Pace.WINDOW if stored else Pace.INSTANT,
        locks=(access_exclusive(table),),
        scans=(table,) if stored else (),
        rewrites=(table,) if stored else (),
    )


def drop_column(table: QName, name: str) -> Statement:
    """Marks the column dropped; its space comes back as rows are updated."""
    return Statement(sql=_alter(table, f"DROP COLUMN {ident(name)}"), locks=(access_exclusive(table),))


def rename_column(table: QName, old: str, new: str) -> Statement:
    """A change in the catalog only."""
    return Statement(sql=_alter(table, f"RENAME COLUMN {ident(old)} TO {ident(new)}"), locks=(access_exclusive(table),))


def set_default(table: QName, name: str, default: str | None) -> Statement:
    """For rows to come; None drops it."""
    what = "DROP DEFAULT" if default is None else f"SET DEFAULT {default}"
    return Statement(sql=_alter(table, f"ALTER COLUMN {ident(name)} {what}"), locks=(access_exclusive(table),))


def set_not_null(table: QName, name: str) -> Statement:
    """No scan where a valid CHECK proves it: so never without one, and never in one ALTER with the CHECK's drop."""
    return Statement(sql=_alter(table, f"ALTER COLUMN {ident(name)} SET NOT NULL"), locks=(access_exclusive(table),))


def drop_not_null(table: QName, name: str) -> Statement:
    """A change in the catalog only."""
    return Statement(sql=_alter(table, f"ALTER COLUMN {ident(name)} DROP NOT NULL"), locks=(access_exclusive(table),))


def alter_type(table: QName, column: Column, using: str | None, *, rewrites: bool, scans: bool) -> Statement:
    """Instant only between types that store the same bytes; else the table is rewritten under the lock."""
    clause = f" USING {using}" if using else ""
    collate = f" COLLATE {column.collation}" if column.collation else ""
    return Statement(
        sql=_alter(table, f"ALTER COLUMN {ident(column.name)} TYPE {column.type}{collate}{clause}"),
        pace=Pace.WINDOW if rewrites or scans else Pace.INSTANT,
        locks=(access_exclusive(table),),
        scans=(table,) if rewrites or scans else (),
        rewrites=(table,) if rewrites else (),
    )


def add_identity(table: QName, name: str, identity: Identity, *, had_default: bool) -> Statement:
    """Attaches a new sequence to the column; a default goes in the same ALTER, so that no INSERT finds neither."""
    drop = f"ALTER COLUMN {ident(name)} DROP DEFAULT, " if had_default else ""
    return Statement(
        sql=_alter(table, f"{drop}ALTER COLUMN {ident(name)} ADD {identity_clause(identity)}"),
        locks=(access_exclusive(table),),
    )


def drop_identity(table: QName, name: str) -> Statement:
    """Its sequence goes with it."""
    return Statement(sql=_alter(table, f"ALTER COLUMN {ident(name)} DROP IDENTITY"), locks=(access_exclusive(table),))


def alter_identity(table: QName, name: str, identity: Identity) -> Statement:
    """Kind and options; the sequence's value stays."""
    options = identity.options
    cycle = "SET CYCLE" if options.cycle else "SET NO CYCLE"
    kind = "ALWAYS" if identity.always else "BY DEFAULT"
    return Statement(
        sql=_alter(
            table,
            f"ALTER COLUMN {ident(name)} SET GENERATED {kind} SET START WITH {options.start}"
            f" SET INCREMENT BY {options.increment} SET MINVALUE {options.minimum}"
            f" SET MAXVALUE {options.maximum} SET CACHE {options.cache} {cycle}",
        ),
        locks=(access_exclusive(table),),
    )


def drop_expression(table: QName, name: str) -> Statement:
    """A stored generated column keeps its values and becomes a plain one."""
    return Statement(sql=_alter(table, f"ALTER COLUMN {ident(name)} DROP EXPRESSION"), locks=(access_exclusive(table),))


def set_expression(table: QName, column: Column) -> Statement:
    """PostgreSQL 17: computes a stored generated column anew, which rewrites the table."""
    assert column.generated is not None
    stored = column.generated.stored
    return Statement(
        sql=_alter(table, f"ALTER COLUMN {ident(column.name)} SET EXPRESSION AS ({column.generated.expression})"),
        pace=Pace.WINDOW if stored else Pace.INSTANT,
        locks=(access_exclusive(table),),
        scans=(table,) if stored else (),
        rewrites=(table,) if stored else (),
    )
