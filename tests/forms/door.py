"""A TCP port that leads to the scratch server's socket, for runners that cannot open one."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from generator.server import Database, Server


@contextmanager
def open_door(server: Server) -> Iterator[int]:
    """The port on 127.0.0.1; it closes with the block."""
    given = conninfo_to_dict(server.conninfo)
    behind = Path(str(given["host"])) / f".s.PGSQL.{given.get('port') or 5432}"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, behind), daemon=True).start()
        yield listener.getsockname()[1]


def url(database: Database, port: int, scheme: str = "postgresql") -> str:
    """The database's address through the door, as its tables' owner."""
    user = conninfo_to_dict(database.conninfo)["user"]
    return f"{scheme}://{user}@127.0.0.1:{port}/{database.name}"


def _serve(listener: socket.socket, behind: Path) -> None:
    with suppress(OSError):
        while True:
            came, _ = listener.accept()
            inner = socket.socket(socket.AF_UNIX)
            inner.connect(str(behind))
            for source, target in ((came, inner), (inner, came)):
                threading.Thread(target=_pump, args=(source, target), daemon=True).start()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
