"""What one version of the application writes, the other one must find: attempts that look at the filled columns."""

from collections.abc import Iterable, Iterator

from generator.dialects.postgres.names import PREFIX, ident, qname
from generator.model.answers import Unmatched
from generator.model.plan import Filling, Mirror
from generator.model.schema import QName, Table
from generator.prove.application import Application, key_of_table
from generator.prove.attempts import Attempt
from generator.prove.insert import same_row, value


def filled_at_once(application: Application, fillings: Iterable[Filling]) -> Iterator[Attempt]:
    """The old version writes a row whose match is there: the new column has its value in the same statement."""
    for filling in fillings:
        tables = [each for each in application.maker.schema.tables if each.name == filling.table]
        key = key_of_table(tables[0]) if tables else ()
        if not filling.sync or not key or filling.column in key:
            continue
        yield from _filled(application, filling, tables[0], key)


def _filled(application: Application, filling: Filling, table: Table, key: tuple[str, ...]) -> Iterator[Attempt]:
    number = application.first
    names = frozenset(column.name for column in table.columns if column.generated is None) - {filling.column}
    fresh = application.fresh(table, number)
    found = same_row(fresh, key)
    inserted = application.insertion(table, number, names)

    def attempt(what: str, statements: tuple[str, ...], expected: str, found: str = found) -> Attempt:
        where = f"{_of(filling, found)} AND {_has_value(filling)}"
        return Attempt(
            what=f"{what} {filling.table}, not knowing of {filling.column}",
            statements=statements,
            expect=f"SELECT EXISTS (SELECT FROM {_joined(filling)} WHERE {where})",
            expected=expected,
            search_path=filling.search_path,
        )

    yield attempt("inserts into", inserted, f"{filling.column} is filled at once")
    if filling.source is not None and filling.backfill.unmatched is Unmatched.CREATE:
        made = f"a row of {filling.source} is made, and {filling.column} filled at once"
        yield attempt("inserts what matches nothing into", without_rows_of(filling.source, inserted), made)
    matched = [name for name in filling.reads if table.has_column(name) and name not in key]
    if filling.source is not None and matched:
        for name in matched[:1]:
            before, given = application.change(table, table.column(name), number + 1)
            changes = ", ".join(f"{ident(each)} = {value(text)}" for each, text in given.items())
            changed = f"UPDATE {qname(table.name)} SET {changes} WHERE {found}"
            yield attempt(
                f"changes {name} of a row of",
                (*inserted, *before, changed),
                f"{filling.column} follows at once",
                same_row({**fresh, **given}, key),
            )


def without_rows_of(source: QName, statements: tuple[str, ...]) -> tuple[str, ...]:
    """The statements but for those that insert into ``source``."""
    start = f"INSERT INTO {qname(source)} "
    return tuple(each for each in statements if not each.startswith(start))


def mirrored_at_once(application: Application, mirrors: Iterable[Mirror], *, new: bool) -> Iterator[Attempt]:
    """One version writes a column, the other one finds the same under its own name."""
    for mirror in mirrors:
        written, seen = (mirror.new_column, mirror.old_column) if new else (mirror.old_column, mirror.new_column)
        how = mirror.back if new else mirror.forward
        tables = [each for each in application.maker.schema.tables if each.name == mirror.table]
        if how is None or not tables or not tables[0].has_column(written) or seen.startswith(PREFIX + "dropped_"):
            continue
        table = tables[0]
        key = key_of_table(table)
        if not key:
            continue
        number = application.first
        fresh = application.fresh(table, number)
        found = same_row(fresh, key)
        text = "::text" if mirror.by_text else ""
        same = f"{ident(seen)}{text} IS NOT DISTINCT FROM ({how}){text}"
        there, alike = f"SELECT EXISTS (SELECT FROM {qname(table.name)} WHERE ", f" AND {same})"
        expected = f"{seen} says the same as {written}"
        inserted = application.insertion(table, number)
        before, given = application.change(table, table.column(written), number + 1)
        changes = ", ".join(f"{ident(name)} = {value(text)}" for name, text in given.items())
        changed = f"UPDATE {qname(table.name)} SET {changes} WHERE {found}"
        yield Attempt(
            what=f"inserts into {table.name} with {written}",
            statements=inserted,
            expect=there + found + alike,
            expected=expected,
            search_path=mirror.search_path,
        )
        yield Attempt(
            what=f"updates {written} of {table.name}",
            statements=(*inserted, *before, changed),
            # What is changed may be in the key.
            expect=there + same_row({**fresh, **given}, key) + alike,
            expected=expected,
            search_path=mirror.search_path,
        )


def _joined(filling: Filling) -> str:
    table = f"{qname(filling.table)} AS {ident(filling.table_alias)}"
    if filling.source is None or filling.match is None:
        return table
    return f"{table} JOIN {qname(filling.source)} AS {ident(filling.source_alias)} ON {filling.match}"


def _of(filling: Filling, found: str) -> str:
    # The key's columns are bare names, and the source may have some of the same name: they are looked up alone.
    return f"{ident(filling.table_alias)}.ctid = (SELECT ctid FROM {qname(filling.table)} WHERE {found})"


def _has_value(filling: Filling) -> str:
    column = f"{ident(filling.table_alias)}.{ident(filling.column)}"
    if filling.source is None:
        # The value may be another one each time it is computed.
        return f"{column} IS NOT NULL" if filling.required else "true"
    return f"{column} IS NOT DISTINCT FROM ({filling.value})"
