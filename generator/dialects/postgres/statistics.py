"""Reads how large the tables of a live database are: one query over its own statistics, no table is read."""

from typing import TYPE_CHECKING, Any

from generator.model.schema import QName
from generator.model.statistics import IndexStatistics, Statistics, TableStatistics

if TYPE_CHECKING:
    from psycopg import Connection

_TABLES = """
SELECT n.nspname, c.relname, c.reltuples::bigint, pg_catalog.pg_table_size(c.oid),
       coalesce((SELECT pg_catalog.array_agg(ic.relname::text ORDER BY ic.relname)
                 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
                 WHERE i.indrelid = c.oid), '{}'),
       coalesce((SELECT pg_catalog.array_agg(pg_catalog.pg_relation_size(ic.oid) ORDER BY ic.relname)
                 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
                 WHERE i.indrelid = c.oid), '{}')
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
ORDER BY 1, 2
"""


def read_statistics(connection: "Connection[tuple[Any, ...]]", database: str) -> Statistics:
    """Every table's estimated rows and its size, as of now. ``database`` is how it is called in messages.

    Sizes ask for an ACCESS SHARE lock on each table for a moment, as a SELECT does. The connection may be in a
    read-only transaction.
    """
    tables = []
    for schema, name, rows, size, index_names, index_sizes in connection.execute(_TABLES):
        indexes = zip(index_names, index_sizes, strict=True)
        tables.append(
            TableStatistics(
                table=QName(schema, name),
                # -1 since PostgreSQL 14: never analysed or vacuumed.
                rows=None if rows < 0 else rows,
                bytes=size or 0,
                indexes=tuple(IndexStatistics(name=QName(schema, index), bytes=each or 0) for index, each in indexes),
            )
        )
    version = connection.info.server_version
    return Statistics(database=database, server_version=f"{version // 10000}.{version % 10000}", tables=tuple(tables))
