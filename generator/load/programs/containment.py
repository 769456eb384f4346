"""Keeps a user's program at the scratch database: whatever it is told to connect to, it connects there.

Runs in the process that holds the user's code, before any of it is imported. Three walls, one behind the other:

- every engine of SQLAlchemy is made for the scratch database, whatever its URL, its creator or its pool say;
- the drivers' own ways to connect go there, whatever they are given;
- a socket to anywhere else, and PostgreSQL's client programs, are refused by an audit hook, which nobody can take out
  again. (libpq opens sockets that Python does not see; so psycopg and psycopg2 are held by the second wall.)
"""

import importlib.abc
import importlib.util
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType
from typing import Any
from urllib.parse import quote, quote_plus

_CLIENTS = frozenset({
    "psql", "pg_dump", "pg_dumpall", "pg_restore", "createdb", "dropdb", "createuser", "dropuser", "pgbench",
})  # fmt: skip
_AIMS = frozenset({
    "host", "hostaddr", "port", "user", "password", "passfile", "dbname", "database", "dsn", "service", "sslmode",
    "sslcert", "sslkey", "sslrootcert", "sslpassword", "channel_binding", "gssencmode", "unix_sock", "ssl_context",
    "target_session_attrs", "load_balance_hosts", "require_auth",
})  # fmt: skip
"""What says where a connection goes, or how it is let in there."""


class Elsewhere(BaseException):
    """An attempt to go round the walls; no Exception, so that nobody passes over it."""


class Target:
    """The scratch database, in the words of each who connects to it."""

    def __init__(self, given: Mapping[str, str]) -> None:
        """``given`` are libpq's parameters: host (a folder or a name), port, user, dbname, perhaps a password."""
        self.host, self.port = given["host"], int(given["port"])
        self.user, self.password, self.database = given["user"], given.get("password", ""), given["dbname"]
        self.local = self.host.startswith("/")
        self.socket = f"{self.host}/.s.PGSQL.{self.port}"

    def libpq(self) -> dict[str, Any]:
        """For psycopg and psycopg2."""
        found: dict[str, Any] = {"host": self.host, "port": self.port, "user": self.user, "dbname": self.database}
        return found | ({"password": self.password} if self.password else {})

    def asyncpg(self) -> dict[str, Any]:
        """For asyncpg."""
        found: dict[str, Any] = {"host": self.host, "port": self.port, "user": self.user, "database": self.database}
        return found | ({"password": self.password} if self.password else {}) | ({"ssl": False} if self.local else {})

    def pg8000(self) -> dict[str, Any]:
        """For pg8000."""
        where: dict[str, Any] = {"unix_sock": self.socket} if self.local else {"host": self.host, "port": self.port}
        return {**where, "user": self.user, "database": self.database, "password": self.password or None}

    def url(self) -> str:
        """For everything that reads DATABASE_URL."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        place = "localhost" if self.local else f"{self.host}:{self.port}"
        query = f"?host={quote_plus(self.host)}&port={self.port}" if self.local else ""
        return f"postgresql://{quote(self.user, safe='')}{secret}@{place}/{quote(self.database, safe='')}{query}"


def contain(target: Target) -> None:
    """Put the walls up. They stay for the rest of the process."""
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]
    os.environ.update(
        PGHOST=target.host, PGPORT=str(target.port), PGUSER=target.user, PGDATABASE=target.database,
        PGPASSWORD=target.password, DATABASE_URL=target.url(),
    )  # fmt: skip
    sys.meta_path.insert(0, _Drivers(target))
    sys.addaudithook(_audit(target))


def _audit(target: Target) -> Callable[[str, tuple[Any, ...]], None]:
    """Refuses what leads elsewhere."""
    allowed: set[Any] = {target.socket, target.socket.encode()}
    if not target.local:
        allowed |= {entry[4] for entry in socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)}
        allowed.add((target.host, target.port))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            if arguments[1] not in allowed:
                raise Elsewhere(f"it wanted to connect to {arguments[1]!r}")
        elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system"):
            words = [os.path.basename(word) for each in arguments[:3] for word in _words(each)]
            program = next((word for word in words if word in _CLIENTS), None)
            if program:
                raise Elsewhere(f"it wanted to run {program}")

    return hook


def _words(argument: Any) -> list[str]:
    """What may be a program's name in an argument of an audit event."""
    if isinstance(argument, str | bytes | os.PathLike):
        text = os.fsdecode(argument)
        for mark in ";|&()`$":
            text = text.replace(mark, " ")
        return text.split()
    return [word for each in argument for word in _words(each)] if isinstance(argument, list | tuple) else []


class _Drivers(importlib.abc.MetaPathFinder):
    """Bends the ways to connect right after the modules that have them are imported."""

    def __init__(self, target: Target) -> None:
        self._bend: dict[str, Callable[[Any], None]] = {
            "psycopg": lambda module: _bend_psycopg(module, target),
            "psycopg2": lambda module: _bend_function(module, "connect", target.libpq),
            "asyncpg": lambda _: _bend_asyncpg(target),
            "pg8000": lambda module: _bend_function(module, "connect", target.pg8000),
            "pg8000.dbapi": lambda module: _bend_function(module, "connect", target.pg8000),
            "pg8000.native": lambda module: _bend_class(module.Connection, target.pg8000),
            "sqlalchemy.engine.create": lambda module: _bend_engines(module, target),
        }
        for name in [name for name in self._bend if name in sys.modules]:
            self._bend.pop(name)(sys.modules[name])

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """The spec that another finder has, told to bend the module once it has run."""
        bend = self._bend.pop(name, None)
        if bend is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is self else finder.find_spec(name, path, target)
            if spec is not None and spec.loader is not None:
                run: Any = spec.loader.exec_module

                def exec_module(module: ModuleType, run: Any = run, bend: Any = bend) -> None:
                    run(module)
                    bend(module)

                spec.loader.exec_module = exec_module  # type: ignore[method-assign]
                return spec
        return None


def _without_aims(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in _AIMS}


def _bend_psycopg(module: Any, target: Target) -> None:
    for cls in (module.Connection, module.AsyncConnection):
        connect = cls.connect.__func__

        def bent(own: Any, /, *_: Any, connect: Any = connect, **given: Any) -> Any:
            return connect(own, "", **_without_aims(given), **target.libpq())

        cls.connect = classmethod(bent)
    module.connect = module.Connection.connect


def _bend_function(module: Any, name: str, aim: Callable[[], dict[str, Any]]) -> None:
    connect = getattr(module, name)
    setattr(module, name, lambda *_, **given: connect(**_without_aims(given), **aim()))


def _bend_class(cls: Any, aim: Callable[[], dict[str, Any]]) -> None:
    begin = cls.__init__
    cls.__init__ = lambda self, *_, **given: begin(self, **_without_aims(given), **aim())


def _bend_asyncpg(target: Target) -> None:
    inner: Any = sys.modules["asyncpg.connect_utils"]
    connect = inner._connect

    async def bent(**given: Any) -> Any:
        named = {name: None for name in ("dsn", "passfile", "service", "servicefile") if name in given}
        return await connect(**(given | named | target.asyncpg()))

    inner._connect = bent


_SYNC = {"psycopg": "psycopg", "psycopg2": "psycopg2", "pg8000": "pg8000"}
_ASYNC = {"asyncpg": "asyncpg", "psycopg_async": "psycopg", "psycopg": "psycopg"}
"""The drivers' names in a URL, and the modules that they need."""


def _bend_engines(module: Any, target: Target) -> None:
    """Every engine of this process is one for the scratch database."""
    from sqlalchemy.engine.url import URL, make_url

    create = module.create_engine

    def bent(url: Any, **given: Any) -> Any:
        asked = make_url(url).drivername.partition("+")[2]
        drivers = _ASYNC if given.get("_is_async") else _SYNC
        there = [name for name, needed in drivers.items() if importlib.util.find_spec(needed)]
        if not there:
            raise NoDriver(f"none of {', '.join(drivers)} is installed")
        driver = asked if asked in there else there[0]
        for name in ("creator", "async_creator", "pool", "module"):
            given.pop(name, None)
        # The drivers' own ways to connect lead to the right place, whatever stands here.
        return create(URL.create(f"postgresql+{driver}", username=target.user, database=target.database), **given)

    module.create_engine = bent


class NoDriver(ImportError):
    """No driver is there that SQLAlchemy could use."""
