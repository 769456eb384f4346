"""Settings of tables, columns, indexes and sequences that the reader puts together itself (``peculiar.py``).

For each kind: how it is taken back to what is usual, what the catalog says of it as SQL, and what that is when it is
there.
"""

import re
from collections.abc import Mapping

from generator.dialects.postgres.names import ident, literal, qname
from generator.model.schema import Other, QName

STORAGE = {"PLAIN": "p", "EXTERNAL": "e", "MAIN": "m", "EXTENDED": "x"}
COMPRESSION = {"pglz": "p", "lz4": "l"}

Reading = tuple[str, str]
"""SQL that gives one text, and the text that it gives where the setting is there."""


def table_of(other: Other) -> QName:
    """The table that it belongs to."""
    assert other.table is not None
    return other.table


def column_of(other: Other) -> str:
    """The column that it is a setting of."""
    return other.name.removeprefix(f"{other.table}.")


def alter_table(other: Other, what: str) -> str:
    """``ALTER TABLE … what``."""
    return f"ALTER TABLE {qname(table_of(other))} {what}"


def alter_column(other: Other, what: str) -> str:
    """``ALTER TABLE … ALTER COLUMN … what``."""
    return alter_table(other, f"ALTER COLUMN {ident(column_of(other))} {what}")


def of_table(other: Other, field: str) -> str:
    """SQL: a field of the table's pg_class row."""
    return f"(SELECT {field} FROM pg_class WHERE oid = to_regclass({literal(qname(table_of(other)))}))"


def of_column(other: Other, field: str) -> str:
    """SQL: a field of the column's pg_attribute row."""
    return (
        f"(SELECT {field} FROM pg_attribute"
        f" WHERE attrelid = to_regclass({literal(qname(table_of(other)))}) AND attname = {literal(column_of(other))})"
    )


def parameters_of(other: Other) -> tuple[str, ...]:
    """The names of the parameters that a definition sets."""
    return tuple(re.findall(r"([\w.]+)='", other.definition))


def _said(options: str, prefix: str = "") -> str:
    name = f"{literal(prefix)} || o.option_name" if prefix else "o.option_name"
    return (
        f"(SELECT string_agg({name} || '=' || quote_literal(o.option_value), ', ' ORDER BY o.option_name)"
        f" FROM pg_options_to_table({options}) AS o)"
    )


def _wanted(other: Other) -> str:
    return ", ".join(re.findall(r"[\w.]+='(?:[^']|'')*'", other.definition))


def reads_parameters(other: Other) -> Reading:
    """Storage parameters of a table and of its TOAST table."""
    toast = f"(SELECT {_said('t.reloptions', 'toast.')} FROM pg_class AS t WHERE t.oid = pg_class.reltoastrelid)"
    return of_table(other, f"concat_ws(', ', {_said('reloptions')}, {toast})"), _wanted(other)


def reads_column_options(other: Other) -> Reading:
    """``n_distinct`` and the like."""
    return of_column(other, _said("attoptions")), _wanted(other)


def _relation_named(other: Other) -> str:
    """The relation that the definition alters."""
    found = re.match(r'ALTER \w+ ((?:"(?:[^"]|"")*"|[^\s".])+\.(?:"(?:[^"]|"")*"|[^\s".])+) ', other.definition)
    assert found is not None, other.definition
    return found[1]


def reads_index_parameters(other: Other) -> Reading:
    """Those of an index that a constraint owns; another index's are in its definition."""
    name = literal(_relation_named(other))
    return f"(SELECT {_said('reloptions')} FROM pg_class WHERE oid = to_regclass({name}))", _wanted(other)


def drop_index_parameters(other: Other) -> str:
    """RESET."""
    return f"ALTER INDEX {_relation_named(other)} RESET ({', '.join(parameters_of(other))})"


def reads_index_statistics(other: Other) -> Reading:
    """The statistics target of an index's expressions."""
    name = literal(_relation_named(other))
    said = (
        "(SELECT string_agg(format('%s:%s', attnum, attstattarget), ' ' ORDER BY attnum) FROM pg_attribute"
        f" WHERE attrelid = to_regclass({name}) AND attstattarget >= 0)"
    )
    lines = re.findall(r" ALTER COLUMN (\d+) SET STATISTICS (\d+)", other.definition)
    return said, " ".join(f"{number}:{target}" for number, target in lines)


def drop_index_statistics(other: Other) -> str:
    """Back to the usual target."""
    return re.sub(r"SET STATISTICS \d+", "SET STATISTICS -1", other.definition)


def reads_unlogged_sequence(other: Other) -> Reading:
    """Since PostgreSQL 15."""
    name = literal(_relation_named(other))
    return f"(SELECT relpersistence::text FROM pg_class WHERE oid = to_regclass({name}))", "u"


def reads_security(other: Other) -> Reading:
    """Row-level security: enabled, forced, or both."""
    enabled, forced = (f" {word} ROW" in other.definition for word in ("ENABLE", "FORCE"))
    said = of_table(other, "relrowsecurity::text || relforcerowsecurity::text")
    return said, str(enabled).lower() + str(forced).lower()


def reads_identity(other: Other) -> Reading:
    """The replica identity."""
    index = "(SELECT ' ' || indexrelid::regclass FROM pg_index WHERE indrelid = pg_class.oid AND indisreplident)"
    said = of_table(other, f"relreplident::text || coalesce({index}, '')")
    using = re.search(r"USING INDEX (.*)$", other.definition)
    schema = ident(table_of(other).schema)
    return said, f"i {schema}.{using[1]}" if using else {"FULL": "f", "NOTHING": "n"}[
        other.definition.rsplit(" ", 1)[-1]
    ]


def reads_clustered(other: Other) -> Reading:
    """The index by which CLUSTER sorts the table."""
    said = of_table(
        other, "(SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = pg_class.oid AND indisclustered)"
    )
    index = other.definition.rsplit(" CLUSTER ON ", 1)[-1]
    return said, f"{ident(table_of(other).schema)}.{index}"


def reads_statistics(other: Other) -> Reading:
    """A column's statistics target."""
    return of_column(other, "nullif(attstattarget, -1)::text"), other.definition.rsplit(" ", 1)[-1]


def reads_letter(other: Other, field: str, letters: Mapping[str, str]) -> Reading:
    """A column's storage or compression."""
    return of_column(other, f"{field}::text"), letters[other.definition.rsplit(" ", 1)[-1]]
