"""A given server (``--server URL``): databases are made on it and dropped again, and nothing else is touched."""

import contextlib
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from generator.errors import ServerUnavailable
from generator.server.binaries import embedded_program, path_program
from generator.server.databases import MARK, Server

if TYPE_CHECKING:
    from psycopg import Connection

_OLDEST = 14
"""The oldest major version that the migrations are written for."""

_NAME = re.compile(r"gen_migration_(\d{14})_[0-9a-f]{8}_\d+")
_LEFT_BEHIND = timedelta(days=1)


@contextmanager
def connect_given(url: str) -> Iterator[Server]:
    """The server of ``url`` (whose user may create databases). Raises ServerUnavailable, never naming the password."""
    import psycopg
    from psycopg.conninfo import make_conninfo

    with _connect(url) as connection:
        _check(connection)
        _sweep(connection)
        version = connection.info.server_version
        conninfo = make_conninfo(url, application_name="gen-migration")
        server = Server(
            version=f"{version // 10000}.{version % 10000}",
            major=version // 10000,
            embedded=False,
            origin=f"the server at {_where(connection)}",
            # The embedded package's psql speaks no TLS.
            psql=path_program("psql") or embedded_program("psql"),
            connection=connection,
            conninfo=conninfo,
            superuser_conninfo=conninfo,
            prefix=f"gen_migration_{datetime.now(UTC):%Y%m%d%H%M%S}_{secrets.token_hex(4)}_",
        )
        try:
            yield server
        finally:
            # A server that went away has been reported by whoever was using it.
            with contextlib.suppress(psycopg.Error):
                server.drop_all()


def _connect(url: str) -> "Connection[tuple[Any, ...]]":
    import psycopg
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    try:
        named = conninfo_to_dict(url)
    except psycopg.Error as error:
        raise ServerUnavailable(
            f"The server's URL cannot be read: {error}".strip(), "It looks like postgresql://user@host:5432/postgres."
        ) from error
    # Without a database's name libpq takes the user's, and such a database often does not exist.
    attempts = (None,) if named.get("dbname") else (None, "postgres")
    failure: psycopg.OperationalError | None = None
    for dbname in attempts:
        try:
            conninfo = make_conninfo(url, dbname=dbname, application_name="gen-migration")
            return psycopg.connect(conninfo, autocommit=True, connect_timeout=10)
        except psycopg.OperationalError as error:
            failure = failure or error
    host = named.get("host") or named.get("hostaddr") or "the default socket"
    raise ServerUnavailable(
        f"The server at {host} cannot be reached: {str(failure).strip()}",
        "Check the URL of --server (host, port, user, password), or leave it out to use the embedded server.",
    ) from failure


def _check(connection: "Connection[tuple[Any, ...]]") -> None:
    """Refuse a server on which the work would fail later."""
    major = connection.info.server_version // 10000
    if major < _OLDEST:
        raise ServerUnavailable(
            f"The server at {_where(connection)} runs PostgreSQL {major}; the oldest that is supported is {_OLDEST}.",
            "Give a newer one with --server, or leave it out to use the embedded server.",
        )
    row = connection.execute(
        "SELECT current_user, rolcreatedb OR rolsuper, pg_is_in_recovery() FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    user, may_create, standby = row or ("?", False, False)
    if standby:
        raise ServerUnavailable(
            f"The server at {_where(connection)} is a read-only standby: no database can be made there.",
            "Give its primary, or leave --server out to use the embedded server.",
        )
    if not may_create:
        raise ServerUnavailable(
            f"The user {user} may not create databases on the server at {_where(connection)}.",
            f"Let an administrator run `ALTER ROLE {user} CREATEDB`, give another user in --server, "
            "or leave it out to use the embedded server.",
        )


def _sweep(connection: "Connection[tuple[Any, ...]]") -> None:
    """Drop what crashed runs left behind.

    Only databases that are ours beyond doubt: named by us, marked by our comment, owned by this user, made more than a
    day ago, and without a session.
    """
    import psycopg
    from psycopg import sql

    rows = connection.execute(
        """
        SELECT datname FROM pg_database AS d
        WHERE datname LIKE 'gen\\_migration\\_%%' AND shobj_description(oid, 'pg_database') = %s
          AND pg_get_userbyid(datdba) = current_user
          AND NOT EXISTS (SELECT FROM pg_stat_activity AS a WHERE a.datid = d.oid)
        """,
        [MARK],
    ).fetchall()
    for (name,) in rows:
        matched = _NAME.fullmatch(name)
        if not matched:
            continue
        made = datetime.strptime(matched[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        if datetime.now(UTC) - made > _LEFT_BEHIND:
            # Another run may be sweeping the same one, or somebody has connected just now.
            with contextlib.suppress(psycopg.Error):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _where(connection: "Connection[tuple[Any, ...]]") -> str:
    info = connection.info
    return info.host if info.host.startswith("/") else f"{info.host}:{info.port}"
