"""Makes units of a snapshot: a table with its indexes is one, each enum, sequence, schema and view another.

Foreign keys and policies come late, once everything they speak of is there.
"""

from collections.abc import Iterator
from dataclasses import replace

from generator.dialects.postgres.names import ident
from generator.load.drizzle.ddl.foreign_keys import add_foreign_key
from generator.load.drizzle.ddl.indexes import create_index
from generator.load.drizzle.ddl.outside import outside_units
from generator.load.drizzle.ddl.policies import create_policy
from generator.load.drizzle.ddl.sequences import create_sequence
from generator.load.drizzle.ddl.tables import create_table
from generator.load.drizzle.ddl.types import create_enum
from generator.load.drizzle.ddl.views import create_view
from generator.load.drizzle.entities import Snapshot, Table, View
from generator.load.mentions import Mentions
from generator.load.outside import outside_unit
from generator.model.declared import Unit
from generator.model.schema import QName


def make_units(snapshot: Snapshot, origin: str) -> tuple[Unit, ...]:
    """The units in an order that can be run; ``origin`` names the file."""
    return tuple(_units(snapshot, origin))


def _units(snapshot: Snapshot, origin: str) -> Iterator[Unit]:
    outside = tuple(outside_units(snapshot, origin))
    for schema in _schemas(snapshot):
        yield Unit(name=f"schema {schema}", sql=f"CREATE SCHEMA IF NOT EXISTS {ident(schema)};\n", origin=origin)
    known: list[tuple[str, str]] = []

    def unit(kind: str, schema: str, name: str, sql: str, mentioned: list[str], **late: object) -> Unit:
        own = f"{kind} {schema}.{name}"
        needs = ([f"schema {schema}"] if schema != "public" else []) + [each for each in mentioned if each != own]
        place = f"{origin}: {kind} {_shown(schema, name)}"
        return Unit(name=own, sql=sql, needs=tuple(dict.fromkeys(needs)), origin=place, **late)  # type: ignore[arg-type]

    for enum in snapshot.enums:
        known.append((f"type {enum.schema}.{enum.name}", _shown(enum.schema, enum.name)))
        yield unit("type", enum.schema, enum.name, create_enum(enum), [])
    for sequence in snapshot.sequences:
        known.append((f"sequence {sequence.schema}.{sequence.name}", _shown(sequence.schema, sequence.name)))
        yield unit("sequence", sequence.schema, sequence.name, create_sequence(sequence), [])
    before = Mentions(known)
    known += [(f"table {table.schema}.{table.name}", _shown(table.schema, table.name)) for table in snapshot.tables]
    known += [(f"view {view.schema}.{view.name}", _shown(view.schema, view.name)) for view in snapshot.views]
    everything = Mentions(known)
    # Their types may be enums of the snapshot.
    yield from (replace(unit, needs=tuple(before.of(unit.sql))) for unit in outside)
    for table in snapshot.tables:
        sql = create_table(table) + "".join(create_index(table, index) for index in table.indexes)
        late, late_needs = _late(table, everything, {unit.name for unit in outside})
        yield unit("table", table.schema, table.name, sql, before.of(sql), late=late, late_needs=late_needs)
    for view in _views_in_order(snapshot.views, everything):
        sql = create_view(view)
        yield unit("view", view.schema, view.name, sql, everything.of(sql))
    for policy in snapshot.policies:
        late = create_policy(policy)
        name = f"policy {policy.name} on {policy.on}"
        needs = tuple(everything.of(late))
        yield Unit(name=name, sql="", late=late, late_needs=needs, origin=f"{origin}: {name}")


def _shown(schema: str, name: str) -> str:
    return name if schema == "public" else f"{schema}.{name}"


def _schemas(snapshot: Snapshot) -> tuple[str, ...]:
    """Those that are declared, and those that something is in: one that was not exported is meant all the same."""
    used = {each.schema for each in snapshot.enums} | {each.schema for each in snapshot.sequences}
    used |= {each.schema for each in snapshot.tables} | {each.schema for each in snapshot.views}
    return tuple(sorted((used | {*snapshot.schemas}) - {"public"}))


def _late(table: Table, names: Mentions, outside: set[str]) -> tuple[str, tuple[str, ...]]:
    """The foreign keys and policies of a table, and what they need."""
    needs = []
    for key in table.foreign_keys:
        stand_in = outside_unit(QName(key.schema_to, key.table_to), "", "").name
        needs.append(stand_in if stand_in in outside else f"table {key.schema_to}.{key.table_to}")
    keys = "".join(add_foreign_key(table, key) for key in table.foreign_keys)
    policies = "".join(create_policy(policy) for policy in table.policies)
    return keys + policies, tuple(dict.fromkeys([*needs, *names.of(policies)]))


def _views_in_order(views: tuple[View, ...], names: Mentions) -> Iterator[View]:
    """Each after those that it reads; drizzle-kit keeps them in the order of their names."""
    by_name = {f"view {view.schema}.{view.name}": view for view in views}
    done: set[str] = set()

    def visit(name: str) -> Iterator[View]:
        if name in done:
            return
        done.add(name)
        for other in names.of(by_name[name].definition):
            if other in by_name:
                yield from visit(other)
        yield by_name[name]

    for name in by_name:
        yield from visit(name)
