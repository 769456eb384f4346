"""Tables that the foreign keys of a snapshot refer to and that are not in it."""

from collections.abc import Iterator

from generator.dialects.postgres.names import ident
from generator.load.drizzle.ddl.names import listed, qualified
from generator.load.drizzle.entities import Snapshot
from generator.load.outside import outside_unit
from generator.model.declared import Unit
from generator.model.schema import QName

_SERIAL = {"smallserial": "smallint", "serial": "integer", "bigserial": "bigint"}


def outside_units(snapshot: Snapshot, origin: str) -> Iterator[Unit]:
    """A table for each, with the columns that are referred to, of the types of those that refer to them."""
    own = {(table.schema, table.name) for table in snapshot.tables}
    types: dict[tuple[str, str], dict[str, str]] = {}
    keys: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for table in snapshot.tables:
        kinds = {column.name: column.type for column in table.columns}
        for key in table.foreign_keys:
            referred_to = (key.schema_to, key.table_to)
            if referred_to in own:
                continue
            keys.setdefault(referred_to, set()).add(key.columns_to)
            for column, referred in zip(key.columns, key.columns_to, strict=False):
                kind = kinds.get(column, "integer")
                types.setdefault(referred_to, {}).setdefault(referred, _SERIAL.get(kind, kind))
    for (schema, name), columns in sorted(types.items()):
        inside = [f"{ident(column)} {kind} NOT NULL" for column, kind in sorted(columns.items())]
        inside += [f"UNIQUE {listed(each)}" for each in sorted(keys[schema, name])]
        sql = f"CREATE TABLE {qualified(schema, name)} ({', '.join(inside)});\n"
        if schema != "public":
            sql = f"CREATE SCHEMA IF NOT EXISTS {ident(schema)};\n{sql}"
        yield outside_unit(QName(schema, name), sql, f"{origin}: table {schema}.{name}")
