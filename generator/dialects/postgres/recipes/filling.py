"""An answered back-fill, resolved: every table found, every expression parsed, every column qualified."""

import re

from generator.dialects.postgres.expressions import Resolved, Row, plain_equalities, resolve
from generator.dialects.postgres.names import ident
from generator.dialects.postgres.recipes.context import Context, is_row
from generator.errors import BadInput
from generator.model.answers import Backfill, Unmatched, key_of
from generator.model.plan import Filling
from generator.model.schema import Column, Schema, Table


def filling_of(table: Table, column: Column, backfill: Backfill, context: Context, *, sync: bool = True) -> Filling:
    """The Filling of a column. Raises BadInput, with the place of the answer, where it makes no sense."""
    key = key_of(table.name, column.name)
    where = context.answers.origin.get(key, f"the back-fill of {key}")
    source = None if backfill.source is None else _find(backfill.source, context.new, where)
    if source is not None and source.name == table.name:
        raise BadInput(
            f"{where}: {key} is to be filled from its own table",
            "A row can be filled from itself by value alone; matching other rows of the same table is not supported.",
        )
    rows = {table.name.name: Row(alias=_alias(table), columns=_columns(table, context, but=column.name))}
    alone = rows
    if source is not None:
        rows = {**rows, source.name.name: Row(alias=_alias(source), columns=_columns(source, context))}
    value = resolve(backfill.value, rows, f"{where}: value")
    if source is None and not value.columns and _is_unique(table, column.name) and not context.volatile(value.sql):
        raise BadInput(
            f"{where}: {backfill.value} is the same for every row, and {key} is unique",
            f"Write an expression that differs from row to row, such as one of {table.name}'s own key.",
        )
    match = None if source is None else _match(backfill, table, source, rows, where)
    create = {name: resolve(text, alone, f"{where}: create.{name}") for name, text in sorted(backfill.create.items())}
    _check_create(backfill, source, where)
    used = [value, *((match,) if match else ()), *create.values()]
    alias, source_alias = _alias(table), _alias(source) if source else ""
    return Filling(
        by_row=is_row(column.type, context),
        table=table.name,
        table_alias=alias,
        column=column.name,
        type=column.type,
        key=_key(context.old_table(table.name)),
        value=_typed(value.sql, column.type),
        reads=_of(used, alias),
        backfill=backfill,
        source=source.name if source else None,
        source_alias=source_alias,
        match=match.sql if match else None,
        near_match=_near(match, table, source) if match and source else None,
        blank=_blank(match, table) if match else None,
        source_reads=_of(used, source_alias) if source else (),
        source_key=_key(source) if source else (),
        create=tuple((name, each.sql) for name, each in create.items()),
        required=not column.nullable,
        unique=_is_unique(table, column.name),
        search_path=context.facts.search_path,
        helpers=context.helper(table.name, column.name),
        sync=sync,
    )


_LITERAL = re.compile(r"E?'(?:[^'\\\\]|''|\\\\.)*'", re.DOTALL)


def _typed(value: str, type_: str) -> str:
    """A bare string has no type of its own: it gets the column's, which text can often not be assigned to.

    Not where a cast would cut it off without a word.
    """
    cuts = type_.startswith(("character", "bit"))
    return f"{value}::{type_}" if _LITERAL.fullmatch(value) and not cuts else value


def _find(name: str, schema: Schema, where: str) -> Table:
    for table in schema.tables:
        if name in (str(table.name), key_of(table.name), f"{table.name.schema}.{table.name.name}"):
            return table
    names = ", ".join(str(table.name) for table in schema.tables)
    raise BadInput(f"{where}: there is no table {name}", f"Tables are {names}.")


def _alias(table: Table) -> str:
    return table.name.name


def _columns(table: Table, context: Context, *, but: str = "") -> tuple[str, ...]:
    """What the row has while it is filled: the old columns and the new ones, but for the one that is filled."""
    old = context.old_table(table.name).columns if context.was_there(table.name) else ()
    return tuple(dict.fromkeys(each.name for each in (*table.columns, *old) if each.name != but))


def _match(backfill: Backfill, table: Table, source: Table, rows: dict[str, Row], where: str) -> Resolved:
    if backfill.match is None:
        raise BadInput(f"{where}: from is given without match", 'Say which rows belong together: match = ["email"]')
    if isinstance(backfill.match, str):
        return resolve(backfill.match, rows, f"{where}: match")
    ours, theirs = ident(_alias(table)), ident(_alias(source))
    text = " AND ".join(f"{ours}.{ident(name)} = {theirs}.{ident(name)}" for name in backfill.match)
    return resolve(text, rows, f"{where}: match")


_TEXTS = ("text", "character varying", "character", "citext")


def _is_text(table: Table, column: str) -> bool:
    return table.has_column(column) and table.column(column).type.split("(")[0].rsplit(".", 1)[-1] in _TEXTS


def _near(match: Resolved, table: Table, source: Table) -> str | None:
    """The match, blind to upper case and blanks, where it only sets texts equal."""
    tables = {_alias(table): table, _alias(source): source}
    conditions = []
    for pair in plain_equalities(match.sql):
        left, right = (f"{ident(alias)}.{ident(name)}" for alias, name in pair)
        if all(_is_text(tables[alias], name) for alias, name in pair):
            left, right = f"lower(trim({left}))", f"lower(trim({right}))"
        conditions.append(f"{left} = {right}")
    near = " AND ".join(conditions)
    return near if "lower(" in near else None


def _blank(match: Resolved, table: Table) -> str | None:
    """Whether a row has nothing in one of the columns that the match reads of it."""
    alias = _alias(table)
    conditions = []
    for name in match.of(alias):
        column = f"{ident(alias)}.{ident(name)}"
        conditions.append(f"{column} IS NULL")
        if _is_text(table, name):
            conditions.append(f"trim({column}) = ''")
    return " OR ".join(conditions) or None


def _check_create(backfill: Backfill, source: Table | None, where: str) -> None:
    if backfill.unmatched is not Unmatched.CREATE:
        return
    if source is None or not backfill.create:
        raise BadInput(f'{where}: unmatched = "create" without create', "Give the missing row: create = { email = … }")
    unknown = sorted(set(backfill.create) - {column.name for column in source.columns})
    if unknown:
        raise BadInput(
            f"{where}: create names {', '.join(unknown)}, which {source.name} does not have",
            f"It has {', '.join(column.name for column in source.columns)}.",
        )


def _of(used: list[Resolved], alias: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for each in used for column in each.of(alias)))


def _key(table: Table) -> tuple[tuple[str, str], ...]:
    """The columns that tell rows apart: the primary key, else a unique constraint whose columns are NOT NULL."""
    candidates = [table.primary_key.columns] if table.primary_key else []
    candidates += [
        unique.columns for unique in table.uniques if not any(table.column(name).nullable for name in unique.columns)
    ]
    names = candidates[0] if candidates else ()
    return tuple((name, table.column(name).type) for name in names)


def _is_unique(table: Table, name: str) -> bool:
    keys = (*((table.primary_key,) if table.primary_key else ()), *table.uniques)
    return any(key.columns == (name,) for key in keys) or any(
        index.unique and index.columns == (name,) and " WHERE " not in index.body for index in table.indexes
    )
