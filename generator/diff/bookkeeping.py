"""Tables in which migration runners keep their own state are no part of an application's schema.

A live database has them and models do not; a runner makes them by itself. So one that only one side has is no
difference, and stays as it is.
"""

from collections.abc import Iterable
from dataclasses import replace

from generator.model.schema import Namespace, QName, Schema, Table

NAMES = frozenset({
    "alembic_version", "django_migrations", "__drizzle_migrations", "_prisma_migrations", "flyway_schema_history",
    "databasechangelog", "databasechangeloglock", "goose_db_version", "schema_migrations", "ar_internal_metadata",
    "atlas_schema_revisions", "knex_migrations", "knex_migrations_lock", "pgmigrations",
})  # fmt: skip
"""Alembic, Django, Drizzle, Prisma, Flyway, Liquibase (two), goose, dbmate and golang-migrate and Rails (two), Atlas,
Knex (two), node-pg-migrate."""


def with_bookkeeping(old: Schema, new: Schema) -> tuple[Schema, tuple[str, ...]]:
    """``new`` with exactly the bookkeeping that ``old`` has, and a sentence where that changes anything."""
    there, here = _bookkeeping(old), _bookkeeping(new)
    kept = tuple(there[name] for name in there.keys() - here.keys())
    left_out = here.keys() - there.keys()
    if not kept and not left_out:
        return new, ()
    new = _without(new, left_out)
    names = {table.name for table in kept}
    sequences = tuple(each for each in old.sequences if each.owned_by and each.owned_by[0] in names)
    namespaces = _namespaces_of(names, old, new)
    others = tuple(each for each in old.others if each.table in names)
    new = replace(
        new,
        tables=tuple(sorted((*new.tables, *kept), key=lambda each: each.name)),
        sequences=tuple(sorted((*new.sequences, *sequences), key=lambda each: each.name)),
        namespaces=tuple(sorted((*new.namespaces, *namespaces), key=lambda each: each.name)),
        others=tuple(sorted({*new.others, *others}, key=lambda each: (each.kind, each.name))),
    )
    said = ", ".join(sorted(map(str, names | left_out)))
    return new, (f"Not compared, since a migration runner keeps its state there: {said}.",)


def _bookkeeping(schema: Schema) -> dict[QName, Table]:
    return {table.name: table for table in schema.tables if table.name.name in NAMES}


def _without(schema: Schema, names: Iterable[QName]) -> Schema:
    gone = set(names)
    rest = replace(
        schema,
        tables=tuple(each for each in schema.tables if each.name not in gone),
        sequences=tuple(each for each in schema.sequences if not each.owned_by or each.owned_by[0] not in gone),
        others=tuple(each for each in schema.others if each.table not in gone),
    )
    emptied = {name.schema for name in gone} - _used(rest) - {"public"}
    return replace(rest, namespaces=tuple(each for each in rest.namespaces if each.name not in emptied))


def _used(schema: Schema) -> set[str]:
    """The namespaces in which something is."""
    names = {each.name for each in schema.tables} | {each.name for each in schema.sequences}
    names |= {each.name for each in schema.enums}
    return {name.schema for name in names} | {each.schema for each in schema.extensions}


def _namespaces_of(names: Iterable[QName], old: Schema, new: Schema) -> tuple[Namespace, ...]:
    wanted = {name.schema for name in names} - {each.name for each in new.namespaces}
    return tuple(each for each in old.namespaces if each.name in wanted)
