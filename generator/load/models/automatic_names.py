"""The names that PostgreSQL gives by itself, where two tables come to the same one.

The foreign keys of ``user.group_role_id`` and ``user_group.role_id`` are both to be ``user_group_role_id_fkey``: who
comes second gets a 1 behind it. So it needs the first, or it would be called otherwise where that one is left out.
"""

from collections.abc import Iterator

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint

from generator.load.models.drafts import Draft

_NAME_BYTES = 63


def add_namesakes(drafts: list[Draft]) -> None:
    """Add to the needs of every table those that take one of its names before it."""
    first_owners: dict[tuple[str | None, str], list[Draft]] = {}
    tables = [(draft, draft.table) for draft in drafts if draft.table is not None]
    for draft, table in tables:
        for name in _names(table):
            _take(first_owners.setdefault((draft.schema, name), []), draft, draft.needs)
    for draft, table in tables:
        if draft.late:
            for name in _names(table):
                _take(first_owners[draft.schema, name], draft, draft.late_needs)


def automatic_name(table: str, columns: str, label: str) -> str:
    """As PostgreSQL's makeObjectName puts it together: the longer part is cut, byte by byte, until all fits."""
    parts = [table.encode(), columns.encode()]
    room = _NAME_BYTES - len(label) - (2 if columns else 1)
    while len(parts[0]) + len(parts[1]) > room:
        longer = 0 if len(parts[0]) > len(parts[1]) else 1
        parts[longer] = parts[longer][:-1]
    cut = [part.decode(errors="ignore") for part in parts]
    return "_".join([*cut, label] if columns else [cut[0], label])


def _take(owners: list[Draft], draft: Draft, needs: list[str]) -> None:
    needs += [owner.name for owner in owners if owner is not draft and owner.name not in needs]
    if draft not in owners:
        owners.append(draft)


def _names(table: Table) -> Iterator[str]:
    """Every name that may be asked for: one too many does no harm."""
    for constraint in table.constraints:
        if isinstance(constraint.name, str):
            continue
        columns = "_".join(column.name for column in getattr(constraint, "columns", ()))
        if isinstance(constraint, PrimaryKeyConstraint):
            yield automatic_name(table.name, "", "pkey")
        elif isinstance(constraint, UniqueConstraint):
            yield automatic_name(table.name, columns, "key")
        elif isinstance(constraint, ForeignKeyConstraint):
            yield automatic_name(table.name, columns, "fkey")
        elif isinstance(constraint, CheckConstraint):
            # After its column if it uses just one; its text is not ours to read.
            yield automatic_name(table.name, "", "check")
            yield from (automatic_name(table.name, column.name, "check") for column in table.columns)
    for column in table.columns:
        if column.primary_key or column.identity is not None:
            yield automatic_name(table.name, column.name, "seq")
