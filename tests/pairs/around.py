"""What hangs on a schema's tables and is known by its definition: views, functions, triggers, policies, rights ….

An ``Around`` is drawn once and written for either side: with the tables and columns that this side has.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from generator.dialects.postgres.names import columns, ident, literal, qname
from generator.model.schema import Column, QName, Schema, Table
from tests.pairs.kinds import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """One thing: ``kind`` says which, ``table`` where it hangs, ``at`` which columns, ``form`` how it is written."""

    kind: str
    number: int
    table: QName
    at: int
    form: int

    @property
    def name(self) -> str:
        """Its name, which its form does not change."""
        return f"Around {self.kind} {self.number}"

    @property
    def sql_name(self) -> str:
        """The name in the namespace ``public``."""
        return qname(QName("public", self.name))


@st.composite
def arounds(draw: st.DrawFn, old: Schema, new: Schema) -> tuple[tuple[Around, ...], tuple[Around, ...]]:
    """What there is around the old schema, and around the new one: as it was, in another form, gone, or new."""
    names = sorted({table.name for side in (old, new) for table in side.tables})
    if not names:
        return (), ()
    before, after = [], []
    for number in range(draw(st.integers(0, 5))):
        each = Around(
            kind=draw(st.sampled_from(sorted(_WRITERS))),
            number=number,
            table=draw(st.sampled_from(names)),
            at=draw(st.integers(0, 7)),
            form=draw(st.integers(0, 2)),
        )
        becomes = draw(st.sampled_from(("kept", "kept", "changed", "dropped", "new")))
        if becomes != "new":
            before.append(each)
        if becomes == "changed":
            after.append(replace(each, form=(each.form + 1) % 3))
        elif becomes != "dropped":
            after.append(each)
    return tuple(before), tuple(after)


def sql_of_arounds(arounds: tuple[Around, ...], schema: Schema) -> Iterator[str]:
    """The DDL of what this side's tables can have of it."""
    tables = {table.name: table for table in schema.tables}
    for each in arounds:
        table = tables.get(each.table)
        plain = [column for column in table.columns if column.generated is None] if table else []
        if table and plain:
            yield from _WRITERS[each.kind](each, table, plain[each.at % len(plain)])


def _view(each: Around, table: Table, column: Column) -> Iterator[str]:
    query = (
        f"SELECT {ident(column.name)} FROM {qname(table.name)}",
        f"SELECT {ident(column.name)}, 1 AS one FROM {qname(table.name)}",
        f"SELECT count(*) AS {ident(column.name)} FROM {qname(table.name)} WHERE {ident(column.name)} IS NOT NULL",
    )[each.form]
    yield f"CREATE VIEW {each.sql_name} AS {query}"


def _view_on_view(each: Around, table: Table, column: Column) -> Iterator[str]:
    below = qname(QName("public", f"{each.name} below"))
    yield f"CREATE VIEW {below} AS SELECT {ident(column.name)} AS c FROM {qname(table.name)}"
    yield f"CREATE VIEW {each.sql_name} AS SELECT c{', 1 AS one' * (each.form == 1)} FROM {below}"
    if each.form == 2:
        yield f"COMMENT ON VIEW {below} IS 'it''s below'"


def _materialized(each: Around, table: Table, column: Column) -> Iterator[str]:
    condition = ("", " WHERE true", f" WHERE {ident(column.name)} IS NOT NULL")[each.form]
    query = f"SELECT {ident(column.name)}::text AS c FROM {qname(table.name)}{condition}"
    yield f"CREATE MATERIALIZED VIEW {each.sql_name} AS {query}"
    yield f"CREATE INDEX {ident(f'{each.name} idx')} ON {each.sql_name} (c)"


def _function(each: Around, table: Table, column: Column) -> Iterator[str]:
    body = ("SELECT 1", f"SELECT count(*)::integer FROM {qname(table.name)}", "SELECT NULL::integer")[each.form]
    yield f"CREATE FUNCTION {each.sql_name}(a integer DEFAULT 1) RETURNS integer LANGUAGE sql AS {literal(body)}"


def _trigger(each: Around, table: Table, column: Column) -> Iterator[str]:
    body = "BEGIN RETURN NEW; END"
    yield f"CREATE FUNCTION {each.sql_name}() RETURNS trigger LANGUAGE plpgsql AS {literal(body)}"
    event = ("INSERT", f"INSERT OR UPDATE OF {ident(column.name)}", "UPDATE")[each.form]
    yield (
        f"CREATE TRIGGER {ident(each.name)} BEFORE {event} ON {qname(table.name)}"
        f" FOR EACH ROW EXECUTE FUNCTION {each.sql_name}()"
    )
    if each.at % 3 == 2:
        yield f"ALTER TABLE {qname(table.name)} DISABLE TRIGGER {ident(each.name)}"


def _policy(each: Around, table: Table, column: Column) -> Iterator[str]:
    condition = ("true", f"{ident(column.name)} IS NULL OR true", "1 = 1")[each.form]
    yield f"CREATE POLICY {ident(each.name)} ON {qname(table.name)} USING ({condition})"
    if each.at % 2:
        yield f"ALTER TABLE {qname(table.name)} ENABLE ROW LEVEL SECURITY"


def _rights(each: Around, table: Table, column: Column) -> Iterator[str]:
    what = ("SELECT", "SELECT, INSERT", f"UPDATE ({ident(column.name)})")[each.form]
    yield f"GRANT {what} ON {qname(table.name)} TO PUBLIC"


def _rule(each: Around, table: Table, column: Column) -> Iterator[str]:
    event = ("INSERT", "UPDATE", "DELETE")[each.form]
    yield f"CREATE RULE {ident(each.name)} AS ON {event} TO {qname(table.name)} WHERE false DO ALSO NOTHING"


def _statistics(each: Around, table: Table, column: Column) -> Iterator[str]:
    sorted_ = [other for other in table.columns if KINDS[other.type].sorts and other.generated is None]
    if len(sorted_) > 1:
        kinds = ("", " (ndistinct)", " (dependencies)")[each.form]
        names = columns((sorted_[0].name, sorted_[1].name))
        yield f"CREATE STATISTICS {each.sql_name}{kinds} ON {names} FROM {qname(table.name)}"


def _parameters(each: Around, table: Table, column: Column) -> Iterator[str]:
    given = ("fillfactor = 70", "fillfactor = 80, autovacuum_enabled = false", "toast.autovacuum_enabled = false")
    yield f"ALTER TABLE {qname(table.name)} SET ({given[each.form]})"


def _column_settings(each: Around, table: Table, column: Column) -> Iterator[str]:
    what = ("STATISTICS 50", "STATISTICS 0", "(n_distinct = 5)")[each.form]
    yield f"ALTER TABLE {qname(table.name)} ALTER COLUMN {ident(column.name)} SET {what}"


def _replica_identity(each: Around, table: Table, column: Column) -> Iterator[str]:
    yield f"ALTER TABLE {qname(table.name)} REPLICA IDENTITY {('FULL', 'NOTHING', 'DEFAULT')[each.form]}"


def _publication(each: Around, table: Table, column: Column) -> Iterator[str]:
    given = ("", " WITH (publish = 'insert')", " WITH (publish = 'insert, update')")[each.form]
    yield f"CREATE PUBLICATION {ident(each.name)} FOR TABLE {qname(table.name)}{given}"


def _domain(each: Around, table: Table, column: Column) -> Iterator[str]:
    rest = ("", " CHECK (VALUE <> 'x')", " DEFAULT 'd'")[each.form]
    yield f"CREATE DOMAIN {each.sql_name} AS text{rest}"
    if each.at % 2:
        holder = qname(QName("public", f"{each.name} holder"))
        yield f"CREATE TABLE {holder} (id integer PRIMARY KEY, value {each.sql_name})"


def _composite(each: Around, table: Table, column: Column) -> Iterator[str]:
    yield f"CREATE TYPE {each.sql_name} AS (a integer{(', b text', ', b text, c uuid', '')[each.form]})"


def _partitions(each: Around, table: Table, column: Column) -> Iterator[str]:
    yield f"CREATE TABLE {each.sql_name} (id integer NOT NULL, note text) PARTITION BY RANGE (id)"
    for number in range(each.form + 1):
        part = qname(QName("public", f"{each.name} {number}"))
        bound = f"FROM ({number * 100}) TO ({number * 100 + 100})"
        yield f"CREATE TABLE {part} PARTITION OF {each.sql_name} FOR VALUES {bound}"
    if each.at % 2:
        yield f"CREATE INDEX {ident(f'{each.name} idx')} ON {each.sql_name} (note)"
    if each.at % 3 == 0:
        yield f"CREATE TABLE {qname(QName('public', f'{each.name} rest'))} PARTITION OF {each.sql_name} DEFAULT"


def _aggregate(each: Around, table: Table, column: Column) -> Iterator[str]:
    start = ("0", "1", "2")[each.form]
    yield f"CREATE AGGREGATE {each.sql_name}(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '{start}')"


def _comment(each: Around, table: Table, column: Column) -> Iterator[str]:
    yield f"COMMENT ON TABLE {qname(table.name)} IS 'around {each.form}'"


_WRITERS: dict[str, Callable[[Around, Table, Column], Iterator[str]]] = {
    "aggregate": _aggregate,
    "column settings": _column_settings,
    "comment": _comment,
    "composite": _composite,
    "domain": _domain,
    "function": _function,
    "materialized": _materialized,
    "parameters": _parameters,
    "partitions": _partitions,
    "policy": _policy,
    "publication": _publication,
    "replica identity": _replica_identity,
    "rights": _rights,
    "rule": _rule,
    "statistics": _statistics,
    "trigger": _trigger,
    "view": _view,
    "view on view": _view_on_view,
}
