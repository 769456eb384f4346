"""The shop of ``examples/link_customers`` with many rows, and its application: at first one that knows no user_id.

Run as a process of its own (``python -m tests.benchmarks.shop CONNINFO RATE ROWS KEYS``) it works until its input is
closed, and prints what it saw as one line of JSON: latencies in ms, and errors by SQLSTATE. From the first line of its
input on it is the new application, which gives user_id: the old one must be gone before the last script runs.
"""

import json
import random
import sys
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg

TABLES = """
CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL UNIQUE, full_name text,
    created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE customers (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), email text NOT NULL, name text,
    created_at timestamptz NOT NULL DEFAULT now(), address text NOT NULL DEFAULT '');
CREATE INDEX ix_customers_email ON customers (email);
CREATE TABLE subscriptions (
    id serial PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE,
    plan text NOT NULL DEFAULT 'starter', started_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ix_subscriptions_customer_id ON subscriptions (customer_id);
CREATE TABLE license_keys (
    id serial PRIMARY KEY, customer_id uuid NOT NULL REFERENCES customers ON DELETE CASCADE, key text NOT NULL UNIQUE);
CREATE INDEX ix_license_keys_customer_id ON license_keys (customer_id);
"""

# Users lie in another order than customers. The keys are numbered, so that the application can find a row by chance.
FILL = """
INSERT INTO users (email, full_name)
    SELECT 'person.' || i || '@example.org', 'Person Number ' || i
    FROM (SELECT i FROM generate_series(1, {rows}) AS i ORDER BY hashint4(i)) AS mixed;
INSERT INTO customers (id, email, name, address)
    SELECT {key}, 'person.' || i || '@example.org', 'Customer ' || i, i || repeat(' Long Street', 7)
    FROM generate_series(1, {rows}) AS i;
"""
KEYS = {
    "ordered": "lpad(i::text, 32, '0')::uuid",
    "random": "md5(i::text)::uuid",
}
SETTLE = "VACUUM (ANALYZE) users; VACUUM (ANALYZE) customers"

_CLIENTS = 4


@dataclass(kw_only=True)
class Application:
    """What its clients share: ``took`` has for each transaction its seconds, when it began, and what it did."""

    conninfo: str
    rate: float
    rows: int
    keys: str
    new: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    took: list[tuple[float, float, str]] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)

    def work(self) -> dict[str, Any]:
        """At ``rate`` transactions a second until ``over``; what was seen."""
        threads = [threading.Thread(target=self._client) for _ in range(_CLIENTS)]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        latencies = sorted(self.took)
        return {
            "tps": len(latencies) / (time.monotonic() - began),
            "p99": latencies[int(len(latencies) * 0.99)][0] * 1000,
            "worst": latencies[-1][0] * 1000,
            "longest": latencies[-5:],
            "errors": dict(self.errors),
        }

    def _client(self) -> None:
        between = _CLIENTS / self.rate
        with psycopg.connect(self.conninfo, autocommit=True, application_name="the application") as connection:
            due = time.monotonic() + random.random() * between
            while not self.over.wait(max(0.0, due - time.monotonic())):
                began, when, did = time.monotonic(), time.time(), "?"
                try:
                    did = self._transaction(connection)
                except psycopg.Error as error:
                    self.errors[error.sqlstate or "?"] += 1
                ended = time.monotonic()
                self.took.append((ended - began, when, did))
                # What was late because of the server is not caught up with all at once.
                due = max(due + between, ended)

    def _transaction(self, connection: "psycopg.Connection[Any]") -> str:
        number = random.randint(1, self.rows)
        key = KEYS[self.keys].replace("i::", "%s::bigint::")
        chance = random.random()
        if chance < 0.45:
            connection.execute(f"SELECT id, email, name, created_at FROM customers WHERE id = {key}", (number,))
            return "read"
        if chance < 0.75:
            connection.execute(f"UPDATE customers SET name = %s WHERE id = {key}", (f"Renamed {number}", number))
            return "update of customers"
        if chance < 0.85:
            email = f"person.{number}@example.org"
            connection.execute("UPDATE users SET full_name = %s WHERE email = %s", (f"Renamed {number}", email))
            return "update of users"
        email = f"{uuid.uuid4()}@example.org"
        with connection.transaction():
            row = connection.execute(
                "INSERT INTO users (email, full_name) VALUES (%s, 'New') RETURNING id", (email,)
            ).fetchone()
            if self.new.is_set() and row:
                values = (email, row[0])
                connection.execute("INSERT INTO customers (email, name, user_id) VALUES (%s, 'New', %s)", values)
            else:
                connection.execute("INSERT INTO customers (email, name) VALUES (%s, 'New')", (email,))
        return "insert"


def _follow(application: Application) -> None:
    if sys.stdin.readline():
        application.new.set()
    sys.stdin.read()
    application.over.set()


if __name__ == "__main__":
    running = Application(conninfo=sys.argv[1], rate=float(sys.argv[2]), rows=int(sys.argv[3]), keys=sys.argv[4])
    threading.Thread(target=_follow, args=(running,), daemon=True).start()
    print(json.dumps(running.work()))
