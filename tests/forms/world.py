"""A shop with 1,000 customers, and both versions of its application: what every runner's test is run on."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.dialects.postgres.catalog import read_schema
from generator.dialects.postgres.declare import declare
from generator.diff import compare
from generator.load import start
from generator.model.answers import Answers
from generator.model.schema import Schema
from generator.server import Database, Server
from tests.forms.door import url

ROOT = Path(__file__).resolve().parents[2]
SHOP = ROOT / "examples" / "link_customers"
STAGES = ("expand", "backfill", "validate", "contract")
ROWS = 1000

_ROWS = f"""
INSERT INTO users (id, email)
    SELECT md5('u' || n)::uuid, 'user' || n || '@example.org' FROM generate_series(1, {ROWS}) n;
INSERT INTO customers (id, email, name)
    SELECT md5('c' || n)::uuid, 'user' || n || '@example.org', 'Customer ' || n FROM generate_series(1, {ROWS}) n;
INSERT INTO subscriptions (customer_id) SELECT id FROM customers;
INSERT INTO license_keys (customer_id, key) SELECT id, 'key ' || id FROM customers;
"""

_OLD_VERSION = (
    "INSERT INTO users (id, email) VALUES (md5('old')::uuid, 'old@example.org')",
    "INSERT INTO customers (id, email, name) VALUES (md5('old')::uuid, 'old@example.org', 'Old')",
    "INSERT INTO subscriptions (customer_id) VALUES (md5('old')::uuid)",
    "UPDATE customers SET name = 'Older' WHERE email = 'old@example.org'",
)
_NEW_VERSION = (
    "INSERT INTO users (id, email) VALUES (md5('new')::uuid, 'new@example.org')",
    "INSERT INTO customers (id, email, user_id) VALUES (md5('new')::uuid, 'new@example.org', md5('new')::uuid)",
    "UPDATE customers SET user_id = md5('new')::uuid WHERE email = 'new@example.org'",
)
_AWAY = (
    "DELETE FROM subscriptions WHERE customer_id IN (md5('old')::uuid, md5('new')::uuid)",
    "DELETE FROM customers WHERE id IN (md5('old')::uuid, md5('new')::uuid)",
    "DELETE FROM users WHERE id IN (md5('old')::uuid, md5('new')::uuid)",
)


@dataclass(frozen=True, kw_only=True)
class World:
    """One database with rows. ``port`` is a door to its server; ``new`` the schema that it is to get."""

    server: Server
    database: Database
    port: int
    new: Schema

    def url(self, scheme: str = "postgresql") -> str:
        """Where a runner finds the database."""
        return url(self.database, self.port, scheme)

    def fill(self, rows: str = _ROWS) -> None:
        """The rows of the old schema."""
        self.run(rows)

    def run(self, *statements: str) -> None:
        """Statements as the application sends them."""
        with self.database.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def one(self, query: str) -> Any:
        """The one value that a query gives."""
        with self.database.connect() as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]

    def old_version_works(self, *, fills: bool) -> None:
        """The application before the change; from expand on, a trigger fills the new column for it."""
        self.run(*_OLD_VERSION)
        if fills:
            assert self.one("SELECT user_id = md5('old')::uuid FROM customers WHERE email = 'old@example.org'") is True
        self.run(*_AWAY)

    def new_version_works(self) -> None:
        """The application after the change."""
        self.run(*_NEW_VERSION)
        linked = "SELECT u.id = md5('new')::uuid FROM customers c JOIN users u ON u.id = c.user_id WHERE c.id = u.id"
        assert self.one(linked) is True
        self.run(*_AWAY)

    def schema(self) -> Schema:
        """What the catalog holds, but for the runner's own tables."""
        with self.database.connect() as connection:
            for (drop,) in connection.execute(_RUNNERS_OWN).fetchall():
                connection.execute(b"BEGIN")
                connection.execute(drop.encode())
            found = read_schema(connection)
            connection.execute(b"ROLLBACK")
        return found

    def rows(self) -> tuple[Any, ...]:
        """All rows of the shop, to be compared."""
        tables = ("users", "customers", "subscriptions", "license_keys")
        texts = (f"(SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t)" for name in tables)
        return tuple(self.one(f"SELECT ARRAY[{', '.join(texts)}]"))

    def all_are_linked(self) -> bool:
        """Whether every customer has the user that it is."""
        good = "SELECT count(*) FROM customers c JOIN users u ON u.id = c.user_id AND u.email = c.email"
        return bool(self.one(good) == ROWS)

    def is_new(self) -> None:
        """The catalog equals the new schema's, and every customer is linked."""
        left = compare(self.schema(), self.new, Answers())
        assert not left.changes, left.changes
        assert not left.refusals
        assert not left.questions
        assert self.all_are_linked()


_RUNNERS_OWN = """
SELECT format('DROP TABLE %s CASCADE', c.oid::regclass) FROM pg_class c WHERE relkind = 'r' AND relname IN (
    'alembic_version', 'schema_migrations', 'goose_db_version', 'flyway_schema_history', 'databasechangelog',
    'databasechangeloglock', 'django_migrations', '_prisma_migrations')
UNION ALL SELECT 'DROP SCHEMA drizzle CASCADE' WHERE to_regnamespace('drizzle') IS NOT NULL
"""


def declared(source: Path, server: Server) -> tuple[Database, Schema]:
    """A database with the schema of a source, and that schema."""
    database = server.create_database()
    with database.connect() as connection:
        declare(start(str(source)).result(), connection)
        return database, read_schema(connection)


def generate(*options: str, cwd: Path, old: Path = SHOP / "old.py", new: Path = SHOP / "new.py") -> str:
    """Run the command as a person would; what it said. The proof of the units has its own test."""
    done = command(*options, cwd=cwd, old=old, new=new)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def command(
    *options: str, cwd: Path, old: Path = SHOP / "old.py", new: Path = SHOP / "new.py"
) -> "subprocess.CompletedProcess[str]":
    """The same, however it ends."""
    argv = [sys.executable, "-m", "generator.cli", str(old), str(new), "--no-proof", *options]
    return subprocess.run(argv, cwd=cwd, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=_env())


def _env() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(ROOT)}
