"""A server that is up, and the databases that this run makes on it."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection

OWNER = "gen_migration_owner"
"""The role on an embedded server that owns the databases and their tables: no superuser, as in production."""

ADMINISTRATOR = "gen_migration_admin"
"""The superuser on an embedded server who does what an administrator does for the owner in production.

The owner is a member: what the administrator makes (a foreign server, say) he may use and drop, but he has none of the
administrator's rights as a superuser.
"""

MARK = "Scratch database of a gen-migration run; may be dropped."
"""The comment on every database made on a given server: only what carries it is ever swept."""

_PATIENCE = 5.0
"""Seconds in which the sessions of a database may leave before it is cloned or dropped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A database made by this run.

    ``conninfo`` (a libpq string; also for ``psql -d``) connects as its owner, ``superuser_conninfo`` as the
    server's superuser; on a given server both are the user of the URL.
    """

    name: str
    conninfo: str
    superuser_conninfo: str

    def connect(self, *, autocommit: bool = True, superuser: bool = False) -> "Connection[tuple[Any, ...]]":
        """A new connection. Raises psycopg.OperationalError."""
        import psycopg

        return psycopg.connect(self.superuser_conninfo if superuser else self.conninfo, autocommit=autocommit)

    def parameters(self) -> dict[str, str]:
        """libpq's parameters with which the superuser connects: host, port, user, dbname, perhaps password."""
        with self.connect(superuser=True) as connection:
            # What the string leaves open is settled once there is a connection.
            info = connection.info
            found = {"host": info.host, "port": str(info.port), "user": info.user, "dbname": info.dbname}
            return found | ({"password": info.password} if info.password else {})


@dataclass(slots=True, kw_only=True)
class Server:
    """A server that is up. ``origin`` says in a few words where it came from; ``psql`` is one that can talk to it."""

    version: str
    major: int
    embedded: bool
    origin: str
    psql: Path | None
    connection: "Connection[tuple[Any, ...]]"
    conninfo: str
    superuser_conninfo: str
    prefix: str = "gen_migration_"
    _made: list[Database] = field(default_factory=list)
    _count: int = 0
    _lock: Lock = field(default_factory=Lock)

    def create_database(self, template: Database | None = None) -> Database:
        """A new database: pristine, or a clone of ``template``, to which nobody may be connected any more."""
        from psycopg import sql
        from psycopg.conninfo import make_conninfo

        with self._lock:
            self._count += 1
            name = f"{self.prefix}{self._count}"
            options: list[sql.Composable] = []
            if self.embedded:
                options.append(sql.SQL("OWNER {}").format(sql.Identifier(OWNER)))
                if self.major >= 15:
                    # Copying files is five times faster than WAL_LOG where nothing is ever synced to a disk.
                    options.append(sql.SQL("STRATEGY file_copy"))
            if template is not None:
                self._wait_until_left(template.name)
            self.connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(
                    sql.Identifier(name),
                    sql.Identifier(template.name if template is not None else "template0"),
                    sql.SQL(" ").join(options),
                )
            )
            database = Database(
                name=name,
                conninfo=make_conninfo(self.conninfo, dbname=name),
                superuser_conninfo=make_conninfo(self.superuser_conninfo, dbname=name),
            )
            self._made.append(database)
            if not self.embedded:
                self.connection.execute(
                    sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(MARK))
                )
            return database

    def drop_database(self, database: Database) -> None:
        """Drop a database that this run made, whoever is still connected to it. Nothing happens if it is gone."""
        import psycopg
        from psycopg import sql

        with self._lock:
            if database not in self._made:
                return
            # FORCE waits for a tenth of a second once a session has still to end: so they are ended beforehand.
            self.connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database.name]
            )
            self._wait_until_left(database.name)
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database.name))
            try:
                self.connection.execute(drop)
            except psycopg.errors.ObjectInUse:
                _drop_subscriptions(database)
                self._wait_until_left(database.name)
                self.connection.execute(drop)
            self._made.remove(database)

    def drop_all(self) -> None:
        """Drop every database that this run made and that is still there."""
        for database in tuple(self._made):
            self.drop_database(database)

    def _wait_until_left(self, name: str) -> None:
        """Until no session is in the database: one that was just closed lives on for a moment.

        PostgreSQL itself looks again only every 100 ms.
        """
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            row = self.connection.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = %s)", [name]
            ).fetchone()
            if row is None or not row[0]:
                return
            time.sleep(0.001)


def _drop_subscriptions(database: Database) -> None:
    """A database with a subscription cannot be dropped; here none has ever been connected."""
    from psycopg import sql

    with database.connect(superuser=True) as connection:
        for (name,) in connection.execute(
            "SELECT subname FROM pg_subscription WHERE subdbid ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
        ).fetchall():
            subscription = sql.Identifier(name)
            connection.execute(sql.SQL("ALTER SUBSCRIPTION {} DISABLE").format(subscription))
            connection.execute(sql.SQL("ALTER SUBSCRIPTION {} SET (slot_name = NONE)").format(subscription))
            connection.execute(sql.SQL("DROP SUBSCRIPTION {}").format(subscription))
