"""Expressions that people write run on a server as they were resolved."""

import pytest

from generator.dialects.postgres.expressions import Row, resolve
from generator.server import Server

ROWS = {
    "customers": Row(alias="here", columns=("id", "email", "name", "Weird Col", "meta", "tags", "created_at", "user")),
    "users": Row(alias="there", columns=("id", "email", "age")),
}
DATA = """
    (SELECT 1 AS id, 'a@b' AS email, 'n' AS name, 'w' AS "Weird Col", '{"a": {"b": 1}}'::jsonb AS meta,
            ARRAY['x'] AS tags, now() AS created_at, 'u' AS "user") AS here,
    (SELECT 1 AS id, 'a@b' AS email, 7 AS age) AS there
"""


@pytest.mark.parametrize(
    "text",
    [
        "'127.0.0.1'::inet",
        "meta->'a'->>'b'",
        "(meta #>> '{a,b}')::int",
        "meta ? 'a' and meta @> '{\"a\": {}}'",
        "lower(trim(both ' ' from name))",
        "'it''s' || name || E'\\n' || $$it's$$ || $q$ name $q$ || U&'\\0061'",
        "interval '1 day' * age + created_at at time zone 'utc'",
        "extract(epoch from created_at) + position('a' in name)",
        "case when age > 1 then name else 'name' end",
        "array[name, customers.email, tags[1]]",
        "name = any(tags) or name is distinct from customers.email",
        "substring(name from '@(.*)$')",
        'customers."user" || "Weird Col" collate "C"',
        "md5(name)::uuid",
        "name operator(pg_catalog.||) 'x'",
        "name like 'a\\_%' escape '\\'",
        "exists (select 1 from pg_class where relname = 'name')",
        "row(age, name) = (1, 'x')",
        "cast(age as numeric(10,2))::text",
        "make_interval(days => age)",
        "-age % 2 + 2 ^ 2",
        "Customers.NAME",
    ],
)
def test_an_expression_runs(server: Server, text: str) -> None:
    resolved = resolve(text, ROWS, "answers.toml:1")
    row = server.connection.execute(f"SELECT {resolved.sql} FROM {DATA}".encode()).fetchone()
    assert row is not None
