"""Whole tables, and the views that stand in for a renamed one."""

from generator.dialects.postgres.locks import access_exclusive
from generator.dialects.postgres.names import aside, columns, ident, qname
from generator.model.plan import Statement
from generator.model.schema import QName


def rename_table(old: QName, new: str) -> Statement:
    """A change in the catalog only. The lock is on the table under its old name."""
    return Statement(sql=f"ALTER TABLE {qname(old)} RENAME TO {ident(new)}", locks=(access_exclusive(old),))


def move_table(old: QName, new: QName) -> Statement:
    """Another name, another namespace, or both: then by way of a name that is in neither of them.

    A change in the catalog only; the sequences that the table owns move with it.
    """
    if old.schema == new.schema:
        return rename_table(old, new.name)
    way = aside(new.name, "new") if old.name != new.name else old.name
    parts = [f"ALTER TABLE {qname(QName(old.schema, way))} SET SCHEMA {ident(new.schema)}"]
    if old.name != new.name:
        parts.insert(0, str(rename_table(old, way).sql))
        parts.append(str(rename_table(QName(new.schema, way), new.name).sql))
    return Statement(sql=";\n".join(parts), locks=(access_exclusive(old),))


def rename_behind_view(old: QName, new: QName, names: tuple[str, ...], *, security_invoker: bool) -> Statement:
    """Table renamed and view made in one: the lock is on the table, whichever name it has at the moment."""
    view = str(create_view(old, new, names, security_invoker=security_invoker).sql)
    return Statement(sql=f"{move_table(old, new).sql};\n{view}", locks=(access_exclusive(old),))


def create_view(view: QName, table: QName, names: tuple[str, ...], *, security_invoker: bool) -> Statement:
    """A view of these columns: simple enough that PostgreSQL writes through it."""
    options = " WITH (security_invoker = true)" if security_invoker else ""
    return Statement(sql=f"CREATE VIEW {qname(view)}{options} AS SELECT {columns(names)} FROM {qname(table)}")


def drop_view(view: QName) -> Statement:
    """A change in the catalog only."""
    return Statement(sql=f"DROP VIEW {qname(view)}")


def drop_table(table: QName, *, above: tuple[QName, ...] = ()) -> Statement:
    """Gives the space back at once; ``above`` is the table that it is a partition of, which is locked as well."""
    return Statement(sql=f"DROP TABLE {qname(table)}", locks=tuple(access_exclusive(each) for each in (*above, table)))
