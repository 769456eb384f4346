"""A private socket on this side, TLS to the server on the other: for a client program that speaks no TLS."""

import asyncio
import os
import shutil
import socket
import ssl
import struct
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

_TLS_PLEASE = struct.pack("!ii", 8, 80877103)
"""SSLRequest: the first message of a client that wants TLS; the server answers with one letter, S or N."""

_LOGIN, _OTHER_VERSION, _BY_SASL = b"R", b"v", struct.pack("!i", 10)
"""The first bytes of messages: AuthenticationSASL is an R with a 10; a v, if any, comes before it."""


@contextmanager
def open_tunnel(*, host: str, address: str, port: int, settings: Mapping[str, str]) -> Iterator[Path]:
    """Listen on the socket for ``port`` in a new folder, which is given.

    ``address`` is where the server is, ``host`` the name that its certificate may have to bear; ``settings`` are
    libpq's (``sslmode`` and the like), and who is trusted is whom libpq would trust. Raises OSError, ssl.SSLError.
    """
    context = _context(settings)
    loop = asyncio.new_event_loop()
    folder = Path(tempfile.mkdtemp(prefix="gm-tls-"))

    async def pass_through(here: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
        try:
            connected = await asyncio.to_thread(_connected, address, port)
            there, send = await asyncio.open_connection(sock=connected, ssl=context, server_hostname=host)
            await asyncio.gather(_copy(here, send), _copy_answers(there, answer))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # The client sees that the connection is closed, and says so.
            answer.close()

    try:
        loop.run_until_complete(asyncio.start_unix_server(pass_through, folder / f".s.PGSQL.{port}"))
        thread = Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield folder
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
    finally:
        loop.run_until_complete(_given_up())
        loop.close()
        shutil.rmtree(folder, ignore_errors=True)


def _connected(address: str, port: int) -> socket.socket:
    """A connection on which the server awaits the beginning of TLS."""
    connected = socket.create_connection((address, port), timeout=30)
    connected.sendall(_TLS_PLEASE)
    if connected.recv(1) != b"S":
        connected.close()
        raise ConnectionRefusedError("the server offers no TLS")
    connected.setblocking(False)
    return connected


async def _given_up() -> None:
    """Cancel what still runs."""
    running = asyncio.all_tasks() - {asyncio.current_task()}
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


def _context(settings: Mapping[str, str]) -> ssl.SSLContext:
    """As https://www.postgresql.org/docs/current/libpq-ssl.html has it."""
    home = Path(os.path.expanduser("~/.postgresql"))
    mode, roots = settings.get("sslmode", "prefer"), settings.get("sslrootcert", str(home / "root.crt"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = mode == "verify-full" or roots == "system"
    if roots == "system":
        context.load_default_certs()
    elif mode in ("verify-ca", "verify-full") or (mode == "require" and os.path.exists(roots)):
        context.load_verify_locations(roots)
    else:
        context.verify_mode = ssl.CERT_NONE
    certificate = settings.get("sslcert", str(home / "postgresql.crt"))
    key = settings.get("sslkey", str(home / "postgresql.key"))
    if os.path.exists(certificate) and os.path.exists(key):
        context.load_cert_chain(certificate, key, settings.get("sslpassword"))
    with suppress(NotImplementedError):
        context.set_alpn_protocols(["postgresql"])
    return context


async def _copy_answers(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what the server says; of the ways to log in, only those that a client without TLS accepts."""
    kind = _OTHER_VERSION
    while kind == _OTHER_VERSION:
        kind, length = struct.unpack("!ci", await reader.readexactly(5))
        body = await reader.readexactly(length - 4)
        if kind == _LOGIN and body.startswith(_BY_SASL):
            body = body.replace(b"SCRAM-SHA-256-PLUS\0", b"")
        writer.write(struct.pack("!ci", kind, len(body) + 4) + body)
    await _copy(reader, writer)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
