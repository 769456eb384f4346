"""The scratch server: one that this run starts for itself, or a given one. Databases are made there and dropped."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.server.databases import Database, Server

__all__ = ["Database", "Server", "open_server"]


@contextmanager
def open_server(*, url: str | None = None, major: int | None = None, binaries: Path | None = None) -> Iterator[Server]:
    """A server to make databases on, gone (or left as it was) when the block ends.

    With ``url``, that one. Otherwise one is started from ``binaries``, or from the best ones found for the major
    version ``major``; where none of that version is found, from the embedded ones (``Server.major`` tells).
    Raises ServerUnavailable.
    """
    if url is not None:
        from generator.server.given import connect_given

        with connect_given(url) as server:
            yield server
    else:
        from generator.server.binaries import find_binaries
        from generator.server.embedded import start_embedded

        with start_embedded(find_binaries(major=major, folder=binaries)) as server:
            yield server
